import { ApplicationFailure, proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import {
  describeFreshness,
  freshnessOf,
  type Freshness,
  type FreshnessInput,
  type FreshnessNews,
} from '../domain/status/freshness.ts';
import { recordOf } from './run/failure.ts';

/** The next run comes soon: little patience, lest one run is in the way of the next. */
const options = {
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '3 minutes',
  heartbeatTimeout: '5 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 2 },
} as const;
const shared = proxyActivities<Activities>(options);

/**
 * One look at whether the newest good recovery point is as new as the platform file promises; a schedule starts it again
 * and again. It holds no lock. What the run before found is its `lastResult`, so it completes with what it knows,
 * whatever happens: a run that failed would take nothing away from the next, but look like a platform that is stale.
 */
export async function freshness(input: FreshnessInput): Promise<Freshness> {
  const platform = (input as FreshnessInput | undefined)?.platform;
  if (platform === undefined || platform === '')
    throw ApplicationFailure.create({
      type: 'InvalidArgument',
      nonRetryable: true,
      message: 'the input names no platform',
      details: [{ remedy: 'start it with the input {"platform": "<name>"}' }],
    });
  const last = freshnessOf(workflowInfo().lastResult);
  let next: Freshness;
  try {
    const judged = await judge(platform, last);
    next = judged.next;
    const news = judged.news ?? next.untold?.news;
    if (news) next = await tell(platform, next, news, judged.news ? undefined : next.untold?.receivers);
  } catch (error) {
    const known = last ?? { version: 1, state: 'unmeasured', since: new Date().toISOString() };
    next = { ...known, reason: `it could not be looked at: ${recordOf(error).message}` };
  }
  setCurrentDetails(describeFreshness(next));
  return next;
}

async function judge(platform: string, last: Freshness | undefined) {
  const summary = 'look at the newest good recovery point';
  const first = await shared.judgeFreshness.executeWithOptions({ summary }, [{ platform, last }]);
  if (!('elsewhere' in first)) return first;
  const there = proxyActivities<Activities>({ ...options, taskQueue: first.elsewhere });
  try {
    const second = await there.judgeFreshness.executeWithOptions({ summary }, [{ platform, last }]);
    if (!('elsewhere' in second)) return second;
    throw new Error(`the worker of ${first.elsewhere} is of another host`);
  } catch (error) {
    const outOfReach = `the worker that holds the catalogue (${first.elsewhere}) does not answer: ${recordOf(error).message}`;
    const third = await shared.judgeFreshness.executeWithOptions({ summary }, [{ platform, last, outOfReach }]);
    if ('elsewhere' in third) throw error;
    return third;
  }
}

/** Who did not take the news is told by the next run, with the same id. */
async function tell(
  platform: string,
  next: Freshness,
  news: FreshnessNews,
  receivers: string[] | undefined,
): Promise<Freshness> {
  const rest = { ...next };
  delete rest.untold;
  try {
    const { missed } = await shared.announce.executeWithOptions({ summary: `tell that it is ${news.event}` }, [
      { platform, announcement: news, ...(receivers && { only: receivers }) },
    ]);
    return missed.length === 0 ? rest : { ...rest, untold: { news, receivers: missed } };
  } catch {
    return { ...rest, untold: { news, ...(receivers && { receivers }) } };
  }
}
