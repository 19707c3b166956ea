import { proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import {
  describeFreshness,
  freshnessOf,
  type Freshness,
  type FreshnessInput,
  type FreshnessNews,
} from '../domain/status/freshness.ts';
import { platformIn, recordOf } from './run/failure-record.ts';
import { showAttributes } from './run/search-attributes.ts';

/** The next run comes soon, so this one gives up early and does not get in its way. */
const options = {
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '3 minutes',
  heartbeatTimeout: '5 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 2 },
} as const;
const shared = proxyActivities<Activities>(options);

/**
 * Judges whether the newest good recovery point is as new as the platform file promises (the RPO); a schedule starts it
 * again and again. It holds no lock. The result of the previous run is its `lastResult`, so it completes with what it
 * knows, whatever happens: a failed run would harm nothing, but look like a stale platform.
 */
export async function freshness(input: FreshnessInput): Promise<Freshness> {
  const platform = platformIn(input);
  showAttributes({ kind: 'freshness', platform });
  const last = freshnessOf(workflowInfo().lastResult);
  let next: Freshness;
  try {
    const judged = await judge(platform, last);
    next = judged.next;
    const news = judged.news ?? next.untold?.news;
    if (news) next = await tell(platform, next, news, judged.news ? undefined : next.untold?.receivers);
  } catch (error) {
    const known = last ?? { version: 1, state: 'unmeasured', since: new Date().toISOString() };
    next = { ...known, reason: `the recovery points could not be read: ${recordOf(error).message}` };
  }
  setCurrentDetails(describeFreshness(next));
  return next;
}

async function judge(platform: string, last: Freshness | undefined) {
  const summary = 'find the newest good recovery point';
  const first = await shared.judgeFreshness.executeWithOptions({ summary }, [{ platform, last }]);
  if (!('elsewhere' in first)) return first;
  const there = proxyActivities<Activities>({ ...options, taskQueue: first.elsewhere });
  try {
    const second = await there.judgeFreshness.executeWithOptions({ summary }, [{ platform, last }]);
    if (!('elsewhere' in second)) return second;
    throw new Error(`The worker that serves ${first.elsewhere} belongs to another host`);
  } catch (error) {
    const outOfReach = `the worker that reaches the catalogue (${first.elsewhere}) does not answer: ${recordOf(error).message}`;
    const third = await shared.judgeFreshness.executeWithOptions({ summary }, [{ platform, last, outOfReach }]);
    if ('elsewhere' in third) throw error;
    return third;
  }
}

/** Receivers that did not accept the news get it from the next run, under the same id. */
async function tell(
  platform: string,
  next: Freshness,
  news: FreshnessNews,
  receivers: string[] | undefined,
): Promise<Freshness> {
  const rest = { ...next };
  delete rest.untold;
  try {
    const { missed } = await shared.announce.executeWithOptions(
      { summary: `announce that recovery points are ${news.event === 'stale' ? 'stale' : 'fresh again'}` },
      [{ platform, announcement: news, ...(receivers && { only: receivers }) }],
    );
    return missed.length === 0 ? rest : { ...rest, untold: { news, receivers: missed } };
  } catch {
    return { ...rest, untold: { news, ...(receivers && { receivers }) } };
  }
}
