import { CancelledFailure, Context } from '@temporalio/activity';
import type { Activities } from '../../activities/index.ts';

type Work = (input: unknown) => Promise<unknown>;

const heartbeatEveryMs = 1000;

/**
 * Activities that are alive while they work, as the product's are. On a machine so busy that Temporal gives an attempt up all the
 * same, the next attempt joins it: the test sees a step begin and end once, as often as the workflow asked for it.
 */
export function atLeastOnce(activities: Activities): Activities {
  const begun = new Map<string, Promise<unknown>>();
  const wrapped = Object.entries(activities).map(([name, work]) => [name, joined(begun, work as Work)] as const);
  return Object.fromEntries(wrapped) as unknown as Activities;
}

function joined(begun: Map<string, Promise<unknown>>, work: Work): Work {
  return async (input) => {
    const context = Context.current();
    const { workflowExecution, activityId, scheduledTimestampMs } = context.info;
    // The same for all attempts of one scheduling.
    const key = [workflowExecution?.runId, activityId, scheduledTimestampMs].join();
    const forget = () => void begun.delete(key);
    const end = keepAlive(context);
    whenWorkerEnds(context, end);
    try {
      let attempt = begun.get(key);
      if (attempt === undefined) {
        attempt = work(input);
        begun.set(key, attempt);
        // One that failed, or whose worker ends, is tried anew.
        attempt.catch(forget);
        whenWorkerEnds(context, forget);
      }
      return await attempt;
    } finally {
      end();
    }
  };
}

/** Repeats the last heartbeat of the work itself. Answers how to end it. */
function keepAlive(context: Context): () => void {
  const send = context.heartbeat.bind(context);
  let last: unknown;
  const heartbeat = (details: unknown) => {
    last = details;
    send(details);
  };
  Object.assign(context, { heartbeat });
  const beat = setInterval(() => send(last), heartbeatEveryMs);
  return () => clearInterval(beat);
}

function whenWorkerEnds(context: Context, act: () => void): void {
  context.cancelled.catch((reason: unknown) => {
    if (reason instanceof CancelledFailure && reason.message === 'WORKER_SHUTDOWN') act();
  });
}
