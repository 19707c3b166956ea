import type { Client, WorkflowHandle } from '@temporalio/client';
import {
  decodeArrayFromPayloads,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { StepProgress } from '../domain/plans/steps.ts';
import type { PendingStep } from '../domain/runs/pending-step.ts';

/** What a run is doing right now, read from Temporal itself: needs no worker. */
export async function pendingActivities(client: Client, handle: WorkflowHandle): Promise<PendingStep[]> {
  return (await lookAtRun(client, handle)).pending;
}

/** `cutOff`: the run was terminated or timed out, so its own phase will never say that it ended. */
export async function lookAtRun(
  client: Client,
  handle: WorkflowHandle,
): Promise<{ pending: PendingStep[]; cutOff: boolean }> {
  const { raw, status } = await handle.describe();
  const cutOff = status.name === 'TERMINATED' || status.name === 'TIMED_OUT';
  const converter = client.options.loadedDataConverter;
  const pending = await Promise.all(
    (raw.pendingActivities ?? []).map(async (activity): Promise<PendingStep> => {
      const details = await decodeArrayFromPayloads(converter, activity.heartbeatDetails?.payloads);
      const failure = await decodeOptionalFailureToOptionalError(converter, activity.lastFailure);
      const seconds = activity.lastStartedTime?.seconds;
      return {
        step: activity.activityId ?? '',
        title: words(activity.activityType?.name ?? ''),
        attempt: activity.attempt ?? 1,
        maximumAttempts: activity.maximumAttempts ?? 0,
        ...(seconds ? { startedAt: new Date(Number(seconds) * 1000).toISOString() } : {}),
        ...(details[0] ? { progress: details[0] as StepProgress } : {}),
        ...(failure?.message ? { lastFailure: failure.message } : {}),
      };
    }),
  );
  return { pending, cutOff };
}

function words(type: string): string {
  return type.replace(/([A-Z])/g, ' $1').toLowerCase();
}
