import { ActivityFailure, proxyActivities, TimeoutFailure } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { HostQuestion } from '../domain/runs/run.ts';
import { failureOf, recordOf } from './run/failure-record.ts';

/**
 * Puts one question of the work on a platform's host to another host's worker, and completes with its answer: names and
 * figures, never a secret. It changes nothing but what is idempotent, so whoever asks may ask again.
 */
export async function askHost(question: HostQuestion): Promise<unknown> {
  const { host, taskQueue } = question;
  const { answerHost } = proxyActivities<Activities>({
    taskQueue,
    startToCloseTimeout: '10 minutes',
    scheduleToStartTimeout: '20 seconds',
    heartbeatTimeout: '5 seconds',
    retry: { initialInterval: '1 second', maximumAttempts: 3 },
  });
  try {
    return await answerHost.executeWithOptions({ summary: `${question.question} on ${host}` }, [question]);
  } catch (error) {
    if (!isUnserved(error)) throw failureOf(recordOf(error));
    throw failureOf({
      // Retried: a worker that restarts is back in a moment.
      kind: 'DockerUnreachable',
      message: `No worker answers for the host "${host}" (task queue ${taskQueue})`,
      remedy: `Start "rekindle worker" on it with REKINDLE_HOST=${host}`,
      checks: [],
    });
  }
}

function isUnserved(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof TimeoutFailure &&
    error.cause.timeoutType === 'SCHEDULE_TO_START'
  );
}
