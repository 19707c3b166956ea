import type { RunDetails } from '../../../api/types.ts';
import type { StepStatus } from '../../../domain/runs/progress.ts';
import { at, minute, waitingRun } from './documents.ts';

/** The same restore, with its first steps done and one that works on. */
export function runningRun(now: number): RunDetails {
  const details = approved(waitingRun(now), now);
  details.progress.phase = 'running';
  const index = details.progress.steps.findIndex(({ action }) => action === 'restoreIndices');
  march(details, now, index, 'running');
  const step = details.progress.steps[index];
  details.progress.pointOfNoReturn = { step: details.plan?.pointOfNoReturn ?? '', passedAt: at(now, 2 * minute) };
  details.pending = [
    {
      step: step?.id ?? '',
      title: step?.title ?? '',
      attempt: 1,
      maximumAttempts: 5,
      startedAt: at(now, minute),
      progress: { done: 18_400_000_000, total: 48_200_000_000, unit: 'bytes', note: '3 of 8 shards' },
    },
  ];
  return details;
}

/** A step of it failed, and a person is asked. */
export function failedRun(now: number): RunDetails {
  const details = runningRun(now);
  const failing = details.progress.steps.find(({ status }) => status === 'running');
  if (failing)
    Object.assign(failing, {
      status: 'failed',
      finishedAt: at(now, 0),
      summary: 'shard 3 of nuvla-job cannot be allocated',
    });
  details.pending = [];
  details.progress.phase = 'waiting for decision';
  details.progress.pendingDecisions = [
    {
      step: failing?.id ?? '',
      failure: {
        kind: 'RestoreFailed',
        message:
          'The restore of nuvla-job on documents failed: shard 3 cannot be allocated, the node es-1 has 97 % of its disk in use',
        remedy: 'Free disk space on es-1 or raise cluster.routing.allocation.disk.watermark.high, then retry',
      },
      choices: [
        { choice: 'retry', meaning: 'Deletes the half-restored indices and restores them again' },
        {
          choice: 'abort',
          meaning: 'Ends the run as failed; the platform stays stopped and its old data stay set aside',
        },
        { choice: 'rollback', meaning: 'Brings the old data back and starts the platform as it was before' },
      ],
    },
  ];
  return details;
}

export function passedRun(now: number): RunDetails {
  const details = runningRun(now);
  march(details, now, details.progress.steps.length, 'done');
  details.pending = [];
  Object.assign(details.progress, {
    phase: 'passed',
    verdict: 'pass',
    finishedAt: at(now, 0),
    quarantine: {
      workflow: 'quarantine/x',
      volumes: ['demo_es-data'],
      bytes: 48_200_000_000,
      releaseAt: at(now, -4320 * minute),
    },
  });
  return details;
}

export function approved(details: RunDetails, now: number, by = 'ann'): RunDetails {
  details.progress.approvals = [{ by, at: at(now, 2.5 * minute), how: 'update' }];
  details.progress.phase = 'running';
  return details;
}

function march({ progress }: RunDetails, now: number, until: number, then: StepStatus): void {
  progress.steps.forEach((step, index) => {
    if (index > until) return;
    const started = at(now, 150_000 - index * 4000);
    Object.assign(step, { status: index < until ? 'done' : then, startedAt: started });
    if (index < until) Object.assign(step, { finishedAt: at(now, 147_900 - index * 4000), summary: undefined });
  });
}
