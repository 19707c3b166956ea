import { Failure } from '../../domain/failures.ts';
import { isWithin, summarizePeriod, type PeriodSummary } from '../../domain/reports/period-summary.ts';
import { isChained, type RunReport } from '../../domain/reports/run-report.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readChain } from './chain-report.ts';

export interface PeriodReports {
  summary: PeriodSummary;
  /** The reports of runs other than backups and prunes that ended in the period, oldest first. */
  reports: RunReport[];
}

/** Reads what the catalogue knows of a period; `from`, `to`: ISO 8601, UTC. Failures: those of the catalogue. */
export async function readPeriod(open: OpenPlatform, from: string, to: string): Promise<PeriodReports> {
  const { catalogue, platform } = open;
  const [outcomes, { points }] = await Promise.all([catalogue.listOutcomes(), catalogue.listPoints()]);
  const chain = await readChain(catalogue, outcomes);
  const reports = new Map<string, RunReport | string>();
  const wanted = outcomes.filter((one) => isChained(one) && isWithin(one.finishedAt, from, to));
  for (const { run } of wanted) reports.set(run, await readReport(open, run));
  const summary = summarizePeriod({
    platform: platform.platform,
    from,
    to,
    madeAt: new Date().toISOString(),
    objectives: platform.objectives,
    outcomes,
    reports,
    points,
    chain,
  });
  return { summary, reports: [...reports.values()].filter((report) => typeof report !== 'string') };
}

/** One that cannot be read is named in the summary and keeps nobody from the others. */
async function readReport({ catalogue }: OpenPlatform, run: string): Promise<RunReport | string> {
  try {
    return ((await catalogue.readReport(run)) as RunReport | undefined) ?? 'there is none';
  } catch (error) {
    if (error instanceof Failure && error.kind === 'CatalogueRefused') return error.message;
    throw error;
  }
}
