import { CancellationScope, getExternalWorkflowHandle } from '@temporalio/workflow';
import type { Promotion } from '../../domain/runs/run.ts';
import { promotion } from '../messages.ts';
import { failureOf } from './failure-record.ts';
import type { Run } from './open-run.ts';

/**
 * Tells the drill that this restore promotes, so that it keeps its scene until this is over, whatever the clock says. Failure:
 * PreflightRefused, when it has ended meanwhile. Without a drill nothing is told.
 */
export async function openPromotion(run: Run, drill: string | undefined): Promise<{ over: () => Promise<void> }> {
  if (drill === undefined) return { over: () => Promise.resolve() };
  const tell = (state: Promotion['state']) =>
    CancellationScope.nonCancellable(() =>
      getExternalWorkflowHandle(drill).signal(promotion, { run: run.progress.run, state }),
    );
  try {
    await tell('begun');
  } catch {
    throw failureOf({
      kind: 'PreflightRefused',
      message: `${drill} has ended, and what it kept is gone; nothing was touched`,
      remedy: `Restore beside the platform (--beside), or drill again: rekindle drill ${run.progress.platform} --keep 24`,
      checks: [],
    });
  }
  return {
    async over() {
      const swapped = run.progress.steps.some(({ action, status }) => action === 'adoptVolume' && status === 'done');
      // It may have been cancelled: then it has closed its scene itself.
      await tell(swapped ? 'swapped' : 'over').catch(() => undefined);
    },
  };
}
