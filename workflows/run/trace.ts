import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { recordOf } from './failure-record.ts';
import type { Run } from './open-run.ts';

/** The exporter itself tries again for 10 s, unless the environment says otherwise. */
const attemptLimit = '1 minute';

/** Exports the trace of the run that has ended, where an endpoint is configured. Answers whether a note was added; never rejects. */
export async function traceEnd(run: Run): Promise<boolean> {
  const { policy, progress } = run;
  if (!policy?.traced || progress.phase === 'skipped') return false;
  // What only people read stays out of the history.
  const report = { ...progress, checks: [], forecast: undefined };
  const { exportTrace } = proxyActivities<Activities>({
    taskQueue: policy.taskQueue,
    startToCloseTimeout: attemptLimit,
    scheduleToCloseTimeout: '3 minutes',
    heartbeatTimeout: '5 seconds',
    retry: { maximumAttempts: 2 },
  });
  const why = await exportTrace
    .executeWithOptions({ summary: 'export the trace' }, [{ report, execution: workflowInfo().runId }])
    .catch((error: unknown) => `The trace of ${progress.run} could not be exported: ${recordOf(error).message}`);
  if (why) run.note(why);
  return Boolean(why);
}
