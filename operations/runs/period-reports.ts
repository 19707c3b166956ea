import { Failure } from '../../domain/failures.ts';
import { placeIn, type StoredLink } from '../../domain/reports/chain.ts';
import { isWithin, summarizePeriod, type PeriodSummary } from '../../domain/reports/period-summary.ts';
import { isChained, type RunReport } from '../../domain/reports/run-report.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readChain } from './chain-report.ts';

export interface PeriodReports {
  summary: PeriodSummary;
  /** The reports of chained runs that ended in the period, oldest first, each with its place in the chain. */
  reports: RunReport[];
  /** The whole chain, also before the period: without its beginning it could not be verified. */
  links: StoredLink[];
}

const dayMs = 86_400_000;

/** Reads what the catalogue knows of a period; `from`, `to`: ISO 8601, UTC. Failures: those of the catalogue. */
export async function readPeriod(open: OpenPlatform, from: string, to: string): Promise<PeriodReports> {
  const { catalogue, platform } = open;
  const [outcomes, { points }] = await Promise.all([catalogue.listOutcomes(), catalogue.listPoints()]);
  const { verdict: chain, links, reports: known } = await readChain(catalogue, outcomes);
  const provenWithinDays = platform.objectives.provenWithinDays ?? platform.restore.requireProvenWithinDays;
  // What was proven shortly before the period counts for its beginning.
  const since = new Date(Date.parse(from) - (provenWithinDays ?? 0) * dayMs).toISOString();
  const wanted = outcomes.filter((one) => isChained(one) && isWithin(one.finishedAt, since, to));
  const digests = new Map(known.map(({ run, digest }) => [run, digest]));
  const found = new Map<string, RunReport | string>();
  for (const { run } of wanted) {
    const report = await readReport(open, run);
    const digest = digests.get(run);
    const placed = typeof report !== 'string' && digest !== undefined;
    found.set(run, placed ? { ...report, chain: placeIn(links, run, digest) } : report);
  }
  const summary = summarizePeriod({
    platform: platform.platform,
    from,
    to,
    madeAt: new Date().toISOString(),
    objectives: platform.objectives,
    provenWithinDays,
    outcomes,
    reports: found,
    points,
    chain,
  });
  const reports = summary.reports.flatMap(({ run }) => found.get(run) ?? []);
  return { summary, reports: reports.filter((report) => typeof report !== 'string'), links };
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
