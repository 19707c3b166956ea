import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  ParentClosePolicy,
  startChild,
  workflowInfo,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';
import type { RestoreEnded } from '../../domain/runs/run.ts';
import { restoreEnded } from '../messages.ts';
import { quarantine } from '../quarantine.ts';
import type { Run } from './open-run.ts';

/** The restore's side of its quarantine. */
export interface SetAside {
  /** Before the first volume is moved: the workflow that stands for what is set aside outlives this run. */
  begin(volumes: string[]): Promise<void>;
  /** Whether something may be set aside. */
  begun(): boolean;
  end(ended: RestoreEnded): Promise<void>;
}

export function openSetAside(run: Run): SetAside {
  const { progress } = run;
  let beginning: Promise<ChildWorkflowHandle<typeof quarantine>> | undefined;

  async function start(volumes: string[]): Promise<ChildWorkflowHandle<typeof quarantine>> {
    const { workflowId, runId } = workflowInfo();
    const begin = (id: string) =>
      startChild(quarantine, {
        workflowId: id,
        args: [{ platform: progress.platform, run: workflowId, execution: runId }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `old data of ${progress.platform}, set aside by ${workflowId}`,
      });
    const id = `quarantine/${workflowId}`;
    const child = await begin(id).catch((error: unknown) => {
      // A restore under the same id may have left a quarantine that still waits: people who start by hand reuse ids.
      if (error instanceof WorkflowExecutionAlreadyStartedError) return begin(`${id}~${runId.slice(0, 8)}`);
      throw error;
    });
    progress.quarantine = { workflow: child.workflowId, volumes };
    run.show();
    return child;
  }

  return {
    async begin(volumes) {
      // Neither an abort nor a cancellation of the steps may reach it.
      await (beginning ??= CancellationScope.nonCancellable(() => start(volumes)));
    },
    begun: () => progress.quarantine !== undefined,
    async end(ended) {
      // Somebody may have terminated it in Temporal: the restore ends as it ended, and says so.
      await (await beginning)?.signal(restoreEnded, ended).catch(() => {
        const gone = `${progress.quarantine?.workflow ?? 'its quarantine'} was ended in Temporal: rollback and release are gone`;
        progress.notes = [...(progress.notes ?? []), gone];
      });
    },
  };
}
