import { CancellationScope, ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import { overallVerdict, type Verdict } from '../../domain/checks.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { ImagesElsewhere } from '../../domain/plans/step-arguments.ts';
import type { QuarantineInput, RestoreEnded } from '../../domain/runs/run.ts';
import { restoreEnded } from '../messages.ts';
import { quarantine } from '../quarantine.ts';
import { withFreeId } from './free-id.ts';
import type { Run } from './open-run.ts';
import { deadline } from './quarantine-deadline.ts';

/** See `QuarantineInput`. */
type Images = { image: string | undefined; images: ImagesElsewhere | undefined };

/** The workflow that stands for what a restore sets aside, as the restore uses it. */
export interface RestoreQuarantine {
  /** Call it before the first volume is moved: the workflow outlives this run. */
  begin(volumes: string[], images: Images): Promise<void>;
  /** Whether something may be set aside. */
  begun(): boolean;
  /** The run brought the data back, with this verdict. */
  wentBack(verdict: Verdict): void;
}

export function openQuarantine(run: Run): RestoreQuarantine {
  const { progress } = run;
  let beginning: Promise<void> | undefined;
  let back: Verdict | undefined;

  async function start(volumes: string[], { image, images }: Images): Promise<void> {
    const { workflowId, runId } = workflowInfo();
    const { platform, startedBy } = progress;
    const input: QuarantineInput = {
      platform,
      startedBy,
      run: workflowId,
      execution: runId,
      image,
      ...(images && { images }),
    };
    const child = await withFreeId(`quarantine/${workflowId}`, (id) =>
      startChild(quarantine, {
        workflowId: id,
        args: [input],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `old data of ${progress.platform}, set aside by ${workflowId}`,
      }),
    );
    progress.quarantine = { workflow: child.workflowId, volumes };
    run.defer(() => end((ended) => child.signal(restoreEnded, ended)));
    run.show();
  }

  /** The deadline is decided here, so that this run's report and the workflow name the same one. */
  async function end(tell: (ended: RestoreEnded) => Promise<void>): Promise<void> {
    const verdict = endOf(progress);
    const good = verdict === 'passed' || (verdict === 'rolled back' && back === 'pass');
    const releaseAt = good && run.policy ? deadline(run.policy) : undefined;
    if (progress.quarantine) progress.quarantine.releaseAt = releaseAt;
    // Nothing was moved, or everything was undone.
    if (progress.pointOfNoReturn?.passedAt === undefined) delete progress.quarantine;
    try {
      await tell({ verdict, releaseAt });
    } catch {
      run.note(orphaned(run));
      delete progress.quarantine;
    }
    run.show();
  }

  return {
    async begin(volumes, images) {
      // Neither an abort nor a cancellation of the steps may reach it.
      await (beginning ??= CancellationScope.nonCancellable(() => start(volumes, images)));
    },
    begun: () => progress.quarantine !== undefined,
    wentBack(verdict) {
      back = verdict;
    },
  };
}

/** How the restore ended: only a pass, or a rollback that passed, gives the quarantine a deadline. */
function endOf({ steps, checks }: RunProgress): RestoreEnded['verdict'] {
  const returned = steps.filter(({ action }) => action === 'returnVolume');
  if (returned.length > 0 && returned.every(({ status }) => status === 'done')) return 'rolled back';
  const finished = steps.every(({ status }) => status === 'done');
  return finished && overallVerdict(checks) === 'pass' ? 'passed' : 'not passed';
}

/** The quarantine was terminated in Temporal: without it nothing deletes the data, and no command can reach it. */
function orphaned({ progress, policy }: Run): string {
  const kept = progress.steps
    .filter(({ action, status }) => action === 'quarantineVolume' && status === 'done')
    .map(({ title, summary }) => `${title}: ${summary ?? ''}`);
  return (
    `${progress.quarantine?.workflow ?? 'the quarantine'} was ended from outside: no command brings the old data back, and ` +
    `nothing deletes it. On ${policy?.host ?? 'the host'}: ${kept.join('; ')}. The runbook says how to do both by hand`
  );
}
