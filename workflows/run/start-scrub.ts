import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { scrub } from '../scrub.ts';
import { recordOf } from './failure-record.ts';
import { withFreeId } from './free-id.ts';
import type { Run } from './open-run.ts';

/** Starts the share of the scrub that follows a backup, and does not wait for it: it may take hours, and outlives this run. */
export async function startScrub(run: Run, platform = run.progress.platform): Promise<void> {
  const { startedBy } = run.progress;
  try {
    await withFreeId(`scrub/${platform}/${run.now().slice(0, 19)}Z`, (workflowId) =>
      startChild(scrub, {
        workflowId,
        args: [{ platform, extent: 'share', startedBy }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `scrub of ${platform} after ${run.progress.run}`,
      }),
    );
  } catch (error) {
    run.note(`the scrub after this backup could not be started: ${recordOf(error).message}`);
  }
}
