import { proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { judgeReadiness } from '../domain/readiness/judge.ts';
import {
  describeReadiness,
  readinessOf,
  type NoEvaluation,
  type Readiness,
  type ReadinessCall,
  type ReadinessInput,
  type ReadinessJudged,
  type ReadinessNews,
} from '../domain/readiness/readiness.ts';
import { platformIn, recordOf } from './run/failure-record.ts';
import { showAttributes } from './run/search-attributes.ts';

/** The next evaluation comes soon, so this one gives up early and does not get in its way. */
const retry = { initialInterval: '1 second', maximumAttempts: 2 } as const;
const shared = proxyActivities<Activities>({
  retry,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '3 minutes',
});
const notifying = proxyActivities<Activities>({
  retry,
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '3 minutes',
  heartbeatTimeout: '5 seconds',
});

/**
 * The standing answer to "could we restore now?"; a schedule starts it again and again. It changes nothing and holds no lock. The
 * result of the previous run is its `lastResult`, so it completes with what it knows, whatever happens: a failed run would
 * lose what is known, and since when.
 */
export async function readiness(input: ReadinessInput): Promise<Readiness> {
  const platform = platformIn(input);
  showAttributes({ kind: 'readiness', platform, phase: 'running' });
  const last = readinessOf(workflowInfo().lastResult);
  const { next, news } = await judge(platform, last);
  const told = await tell(platform, next, news);
  const { verdict } = told;
  showAttributes({
    phase: verdict,
    verdict: verdict === 'ready' ? 'pass' : verdict === 'unknown' ? 'inconclusive' : 'fail',
  });
  setCurrentDetails(pageOf(told));
  return told;
}

/** While a run works on the platform, or rehearses it, preflight would find that run's traces. */
async function judge(platform: string, last: Readiness | undefined): Promise<ReadinessJudged> {
  const call = { platform, ...(last && { last }) };
  try {
    const { taskQueue } = await shared.locate.executeWithOptions({ summary: `read the platform file of ${platform}` }, [
      { platform },
    ]);
    const held = await holderOf(platform);
    if (held !== undefined) return without(call, { held });
    const onHost = proxyActivities<Activities>({
      retry,
      taskQueue,
      heartbeatTimeout: '5 seconds',
      startToCloseTimeout: '10 minutes',
      scheduleToCloseTimeout: '15 minutes',
    });
    const found = await onHost.evaluateReadiness.executeWithOptions(
      { summary: 'preflight without a scratch Elasticsearch, and the objectives' },
      [call],
    );
    // A run that began meanwhile stops services: what was found then is its doing.
    const begun = await holderOf(platform);
    return begun === undefined ? found : without(call, { held: begun });
  } catch (error) {
    return without(call, { unknown: `It could not be evaluated: ${recordOf(error).message}` });
  }
}

async function holderOf(platform: string): Promise<string | undefined> {
  for (const lock of ['exclusive', 'drilling'] as const) {
    const holder = await shared.describeLock.executeWithOptions({ summary: `see who works on ${platform}` }, [
      { platform, ...(lock !== 'exclusive' && { lock }) },
    ]);
    if (holder) return `It was not evaluated while ${holder.workflowId} worked on ${platform}`;
  }
  return undefined;
}

/** The file itself may be what cannot be read, so nobody is asked. */
function without({ platform, last }: ReadinessCall, observation: NoEvaluation): ReadinessJudged {
  const everyMinutes = last?.everyMinutes ?? 0;
  return judgeReadiness({ platform, everyMinutes, observation, last, now: new Date().toISOString() });
}

/** Receivers that did not accept the news get it from the next run, under the same id. */
async function tell(platform: string, next: Readiness, fresh: ReadinessNews | undefined): Promise<Readiness> {
  const { untold, ...rest } = next;
  const news = fresh ?? untold?.news;
  if (news === undefined) return next;
  const receivers = fresh ? undefined : untold?.receivers;
  try {
    const { missed } = await notifying.announce.executeWithOptions(
      { summary: `announce that ${platform} is ${news.verdict}` },
      [{ platform, announcement: news, ...(receivers && { only: receivers }) }],
    );
    return missed.length === 0 ? rest : { ...rest, untold: { news, receivers: missed } };
  } catch {
    return { ...rest, untold: { news, ...(receivers && { receivers }) } };
  }
}

function pageOf(readiness: Readiness): string {
  const lines = readiness.unmet.map(({ name, evidence, remedy }) => `- **${name}**: ${evidence} → ${remedy}`);
  return [describeReadiness(readiness, Date.now()), ...lines].join('\n');
}
