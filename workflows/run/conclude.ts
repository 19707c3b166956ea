import { allHandlersFinished, CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { overallVerdict } from '../../domain/checks.ts';
import { failureKinds, isFailureKind } from '../../domain/failures.ts';
import type { Phase, RunProgress } from '../../domain/runs/progress.ts';
import type { RunPolicy } from '../../domain/runs/run.ts';
import type { Action } from '../../domain/plans/steps.ts';
import { announceEnd } from './announce.ts';
import { locate, onHost } from './activity-options.ts';
import { failureOf, notPassed, recordOf, type FailureRecord } from './failure-record.ts';
import type { Run } from './open-run.ts';
import { traceEnd } from './trace.ts';

/**
 * Reads the platform file, runs `work`, and brings the run to its end, whatever happens: verdict, report in the catalogue,
 * and a workflow that is green only when the verdict is pass. `ended`: the runs whose end is announced; none when another
 * run announces it.
 */
export async function conclude(
  run: Run,
  work: (policy: RunPolicy) => Promise<void>,
  ended: () => RunProgress[] = () => [run.progress],
): Promise<RunProgress> {
  const { progress } = run;
  let thrown: unknown;
  try {
    run.policy = await locate(progress.platform);
    try {
      await work(run.policy);
    } finally {
      await run.settle();
    }
    if (progress.phase !== 'skipped') {
      progress.verdict = overallVerdict(progress.checks);
      if (progress.verdict !== 'pass') progress.failure = textOf(notPassed(progress));
      end(run, progress.verdict === 'pass' ? 'passed' : 'failed');
    }
  } catch (error) {
    thrown = error;
    const record = recordOf(error);
    progress.failure = textOf(record);
    // The step runner may have added the checks of the failed step already.
    const noted = new Set(progress.checks.map(({ name, evidence }) => `${name} ${evidence}`));
    progress.checks.push(...record.checks.filter(({ name, evidence }) => !noted.has(`${name} ${evidence}`)));
    const refused = isRefusal(record) && !touched(progress);
    if (!refused) progress.verdict = 'fail';
    end(run, phaseAfter(error, record, refused));
  }
  await CancellationScope.nonCancellable(async () => {
    // In parallel with the report, which an unreachable catalogue delays by minutes.
    const notesAdded = Promise.all([announceEnd(run, ended()), traceEnd(run)]);
    await report(run);
    if ((await notesAdded).includes(true)) await report(run);
    await condition(allHandlersFinished);
  });
  if (isCancellation(thrown)) throw thrown;
  if (thrown !== undefined) throw failureOf(recordOf(thrown));
  if (progress.verdict !== undefined && progress.verdict !== 'pass') throw failureOf(notPassed(progress));
  return progress;
}

function textOf({ kind, message, remedy }: FailureRecord): NonNullable<RunProgress['failure']> {
  return { kind, message, remedy };
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

const looksOnly: ReadonlySet<Action> = new Set([
  'pauseSchedules',
  'repeatPreflight',
  'recordDeployment',
  'fence',
  'verifyParts',
  'awaitStore',
  'confirmHealth',
  'compareEngines',
  'verifySource',
  'verifyCopied',
]);

/** Whether the run changed something of the platform and left it so: then it failed, whatever the reason was. */
function touched({ kind, steps }: RunProgress): boolean {
  if (kind === 'backup') return false;
  return steps.some(
    ({ action, status, scene }) =>
      scene !== true && !looksOnly.has(action) && status !== 'waiting' && status !== 'undone',
  );
}

/** A report that cannot be written undoes nothing, but the run says so: auditors rely on it. */
export async function report(run: Run): Promise<void> {
  const { progress, policy } = run;
  if (policy === undefined) return;
  try {
    await onHost(policy).writeReport.executeWithOptions({ summary: 'write the report to the catalogue' }, [
      { platform: progress.platform, report: progress },
    ]);
  } catch (error) {
    progress.note = `the report could not be written to the catalogue: ${recordOf(error).message}`;
    run.show();
  }
}
