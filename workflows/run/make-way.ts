import type { LockHolder, RestoreInput, RunPolicy } from '../../domain/runs/run.ts';
import { shared } from './activity-options.ts';
import type { Run } from './open-run.ts';
import { busy, describeLock } from './platform-lock.ts';

// What a restore does about the platform's other runs.

/** A drill gives way at once, but for the one that is promoted: it is cancelled, and takes its scene down meanwhile. */
export async function endDrill(run: Run, { platform, promote }: Pick<RestoreInput, 'platform' | 'promote'>) {
  const drill = await describeLock(platform, 'drilling');
  if (drill === undefined || drill.workflowId === promote) return;
  await cancel(run, drill);
  run.note(`${drill.workflowId} was cancelled: a drill gives way to a restore`);
}

/** A backup or a prune ends by itself: the restore waits for it, or cancels it. Every other run keeps the platform. */
export async function waitForBackup(
  run: Run,
  input: RestoreInput,
  policy: RunPolicy,
  holder: LockHolder | undefined,
): Promise<true> {
  if (holder && !['backup', 'prune'].includes(holder.workflowType)) throw busy(input.platform, holder);
  const cancels = (input.runningBackup ?? policy.runningBackup) === 'cancel';
  const first = run.progress.phase !== 'waiting for lock';
  if (first) await endDrill(run, input);
  if (holder && cancels && first) {
    await cancel(run, holder);
    run.progress.cancelled = holder.workflowId;
  }
  const who = holder?.workflowId ?? 'the lock';
  run.enter('waiting for lock', cancels ? `cancelled ${who}, waits for it to end` : `waits for ${who} to end`);
  return true;
}

async function cancel({ progress }: Run, { workflowId }: LockHolder): Promise<void> {
  await shared.cancelRun.executeWithOptions({ summary: `cancel ${workflowId}` }, [
    { run: workflowId, by: progress.run },
  ]);
}
