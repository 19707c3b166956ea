import { allHandlersFinished, CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { overallVerdict } from '../../domain/checks.ts';
import { failureKinds, isFailureKind } from '../../domain/failures.ts';
import type { Phase, RunProgress } from '../../domain/runs/progress.ts';
import type { RunPolicy } from '../../domain/runs/run.ts';
import type { Action } from '../../domain/plans/steps.ts';
import { announceEnd } from './announce.ts';
import { failureOf, recordOf, type FailureRecord } from './failure.ts';
import { notPassed } from './not-passed.ts';
import { onHost } from './options.ts';
import type { Run } from './open-run.ts';

/**
 * Runs `work` and brings the run to its end, whatever happens: verdict, report in the catalogue, and a workflow that is
 * green only when the verdict is pass. `policy` is a getter, since it is not known before the work began. `ended`: the
 * runs whose end is told; none when another run tells it.
 */
export async function conclude(
  run: Run,
  policy: () => RunPolicy | undefined,
  work: () => Promise<void>,
  ended: () => RunProgress[] = () => [run.progress],
): Promise<RunProgress> {
  const { progress } = run;
  run.policy = policy;
  let thrown: unknown;
  try {
    await work();
    if (progress.phase !== 'skipped') {
      progress.verdict = overallVerdict(progress.checks);
      end(run, progress.verdict === 'pass' ? 'passed' : 'failed');
    }
  } catch (error) {
    thrown = error;
    const record = recordOf(error);
    progress.failure = { kind: record.kind, message: record.message, remedy: record.remedy };
    // The runner noted those of a step that ended the run already.
    const noted = new Set(progress.checks.map(({ name, evidence }) => `${name} ${evidence}`));
    progress.checks.push(...record.checks.filter(({ name, evidence }) => !noted.has(`${name} ${evidence}`)));
    const refused = isRefusal(record) && !touched(progress);
    if (!refused) progress.verdict = 'fail';
    end(run, phaseAfter(error, record, refused));
  }
  await CancellationScope.nonCancellable(async () => {
    const known = policy();
    // Beside the report, which a catalogue that is away delays by minutes.
    const told = announceEnd(run, known, ended());
    if (known && progress.phase !== 'skipped') await report(run, known);
    if ((await told) && known) await report(run, known);
    await condition(allHandlersFinished);
  });
  if (isCancellation(thrown)) throw thrown;
  if (thrown !== undefined) throw failureOf(recordOf(thrown));
  if (progress.verdict !== undefined && progress.verdict !== 'pass') throw failureOf(notPassed(progress));
  return progress;
}

function phaseAfter(error: unknown, { kind }: FailureRecord, refused: boolean): Phase {
  if (isCancellation(error)) return 'cancelled';
  if (kind === 'RolledBack') return 'rolled back';
  return refused ? 'refused' : 'failed';
}

function end(run: Run, phase: Phase): void {
  run.progress.finishedAt = run.now();
  run.enter(phase, phase === 'passed' ? '' : undefined);
}

/** The run's end is an answer, not a verdict about the platform. */
function isRefusal({ kind }: FailureRecord): boolean {
  return isFailureKind(kind) && (failureKinds[kind].exitCode === 3 || failureKinds[kind].exitCode === 2);
}

const looksOnly: ReadonlySet<Action> = new Set(['pauseSchedules', 'repeatPreflight', 'recordDeployment', 'awaitStore']);

/** Whether the run changed something of the platform and left it so: then it failed, whatever the reason was. */
function touched({ kind, steps }: RunProgress): boolean {
  if (kind === 'backup') return false;
  return steps.some(({ action, status }) => !looksOnly.has(action) && status !== 'waiting' && status !== 'undone');
}

/** The report is the auditor's; that it cannot be written does not undo a restore, but it is said. */
export async function report(run: Run, policy: RunPolicy): Promise<void> {
  try {
    await onHost(policy).writeReport.executeWithOptions({ summary: 'write the report to the catalogue' }, [
      { platform: run.progress.platform, report: run.progress },
    ]);
  } catch (error) {
    run.progress.note = `the report could not be written to the catalogue: ${recordOf(error).message}`;
    run.show();
  }
}
