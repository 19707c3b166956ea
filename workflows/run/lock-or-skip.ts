import type { LockHolder } from '../../domain/runs/run.ts';
import { withLock } from './lock.ts';
import type { Run } from './open-run.ts';

/**
 * Runs `work` under the platform's lock. When another run holds it, this one ends as skipped, with a note; holders of
 * the types in `waitsFor` are waited for. `otherwise` says what was left out: `no backup was taken`.
 */
export async function withLockOrSkipped(
  run: Run,
  { work, otherwise, waitsFor = [] }: { work: () => Promise<void>; otherwise: string; waitsFor?: string[] },
): Promise<void> {
  const { progress } = run;
  try {
    await withLock(
      progress.platform,
      (holder) => {
        // Nobody holds it any more, while we were asking.
        if (holder === undefined && progress.phase === 'waiting for lock') return;
        if (holder === undefined || !waitsFor.includes(holder.workflowType)) throw new Skipped(holder);
        run.enter('waiting for lock', `waits for ${holder.workflowId} to end`);
      },
      work,
    );
  } catch (error) {
    if (!(error instanceof Skipped)) throw error;
    progress.finishedAt = run.now();
    run.enter('skipped', `${error.holder?.workflowId ?? 'another run'} holds ${progress.platform}; ${otherwise}`);
  }
}

/** Not a failure: it only carries the lock's holder past the work. */
class Skipped extends Error {
  readonly holder: LockHolder | undefined;
  constructor(holder: LockHolder | undefined) {
    super('skipped');
    this.holder = holder;
  }
}
