import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { overallVerdict } from '../../domain/checks.ts';
import type { Assessment } from '../../domain/runs/assessment.ts';
import type { CheckInput } from '../../domain/runs/run.ts';
import { locate } from './activity-options.ts';
import { recordOf } from './failure-record.ts';

/**
 * Preflight and plan of a restore, on the platform's host, with nothing changed: it needs no lock. Someone waits for the
 * answer, so it is less patient than a run. A refusal is an answer; every other failure is thrown.
 */
export async function assess(input: CheckInput): Promise<Assessment> {
  const { taskQueue } = await locate(input.platform);
  const at = new Date().toISOString();
  const onHost = proxyActivities<Activities>({
    taskQueue,
    startToCloseTimeout: '10 minutes',
    scheduleToStartTimeout: '2 minutes',
    heartbeatTimeout: '5 seconds',
    retry: { initialInterval: '1 second', maximumAttempts: 3 },
  });
  try {
    const { checks, plan, forecast, rollbackOf } = await onHost.assess.executeWithOptions(
      {
        summary:
          input.rollback === undefined ? 'observe, choose the recovery point, preflight, plan' : 'plan the rollback',
      },
      [input],
    );
    return {
      at,
      verdict: overallVerdict(checks),
      checks,
      plan,
      forecast,
      ...(rollbackOf !== undefined && { rollbackOf }),
    };
  } catch (error) {
    const { checks } = recordOf(error);
    if (checks.length === 0) throw error;
    return { at, verdict: overallVerdict(checks), checks };
  }
}
