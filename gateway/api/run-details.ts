import type { RunDetails } from '../../api/types.ts';
import type { Desk, RunLook } from '../../client/desk.ts';
import type { RunLine } from '../../client/runs.ts';
import { Failure } from '../../domain/failures.ts';
import type { RunReport } from '../../domain/reports/run-report.ts';
import { startProgress, type Phase, type RunProgress } from '../../domain/runs/progress.ts';

/** The report of a run in the catalogue of a platform. Failure: RunNotFound. */
export type ReadReport = (run: string, platform?: string) => Promise<RunReport>;

/**
 * All that is known of a run: what it says itself; its report, when nobody answers for it any more; else what Temporal
 * knows. Failures: RunNotFound, TemporalUnreachable.
 */
export async function readRunDetails(desk: Desk, readReport: ReadReport, reference: string): Promise<RunDetails> {
  const line = await desk.find(reference).catch((error: unknown) => lineOrFailure(error, readReport, reference));
  if ('progress' in line) return line;
  const look = await desk.look(line.id);
  const { progress, pending = [], cutOff } = look;
  if (progress) {
    const plan = progress.planHash === undefined ? undefined : await desk.plan(line.id).catch(() => undefined);
    return { run: line, progress, pending, cutOff, ...(plan && { plan }) };
  }
  const report = line.status === 'running' ? undefined : await readReport(line.id).catch(() => undefined);
  const silent = silence(look);
  return { run: line, progress: report ?? progressOf(line), pending, cutOff, ...(!report && { silent }) };
}

/** Temporal forgets what ended some time ago; the catalogue does not. */
async function lineOrFailure(error: unknown, readReport: ReadReport, reference: string): Promise<RunDetails> {
  if (!(error instanceof Failure) || error.kind !== 'RunNotFound') throw error;
  const progress = await readReport(reference).catch((report: unknown) => {
    throw report instanceof Failure && report.kind !== 'RunNotFound' ? report : error;
  });
  const { run: id, kind, platform, phase, verdict = '', startedAt, finishedAt } = progress;
  const run = { id, kind, platform, phase, verdict, startedAt, closedAt: finishedAt, status: 'forgotten' };
  return { run, progress, pending: [], cutOff: false };
}

function silence({ silent }: RunLook): string {
  return silent === 'Temporal'
    ? 'Temporal does not answer: what is shown is what was known last'
    : 'No worker answers for this run: it goes on when one runs ("rekindle worker")';
}

function progressOf({ id, kind, platform, startedAt, phase, closedAt }: RunLine): RunProgress {
  return {
    ...startProgress(id, kind as RunProgress['kind'], platform || (id.split('/')[1] ?? ''), startedAt),
    ...(phase !== '' && { phase: phase as Phase }),
    ...(closedAt !== undefined && { finishedAt: closedAt }),
  };
}
