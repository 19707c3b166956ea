import { listPlatforms } from '../../config/platform-file.ts';
import { Failure } from '../../domain/failures.ts';
import type { PlatformName } from '../../domain/platform.ts';
import { placeIn } from '../../domain/reports/chain.ts';
import { isChained, type RunReport } from '../../domain/reports/run-report.ts';
import { lastRunOf } from '../../domain/status/last-runs.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../open-platform.ts';

export interface FoundReport {
  open: OpenPlatform;
  run: string;
  report: RunReport;
}

/** The same, with its place in the chain of reports: for people, who may want to see that it is genuine. Failures: as `findReport`. */
export async function findPlacedReport(
  dependencies: Dependencies,
  reference: string,
  platform?: PlatformName,
): Promise<RunReport> {
  const { open, run, report } = await findReport(dependencies, reference, platform);
  const [digest, links] = await Promise.all([
    open.catalogue.reportDigest(run),
    isChained(report) ? open.catalogue.reportLinksOf(run) : [],
  ]);
  return digest === undefined ? report : { ...report, chain: placeIn(links, run, digest) };
}

/**
 * The report of a run, or of the newest that a platform's name has; a quarantine's is meant by its own id alone. Without
 * `platform`, the one that the run's id names is asked first, then all others. Needs no Temporal.
 * Failures: RunNotFound; those of the platform file and its catalogue when it is the only one that can be meant.
 */
export async function findReport(
  dependencies: Dependencies,
  reference: string,
  platform?: PlatformName,
): Promise<FoundReport> {
  const known = await listPlatforms(dependencies.environment.platformsFolder);
  if (platform === undefined && known.includes(reference)) return newestReport(dependencies, reference);
  const named = platform ?? known.find((name) => reference.split('/').includes(name));
  const others = platform === undefined ? known.filter((name) => name !== named) : [];
  const unread: string[] = [];
  for (const name of [...(named === undefined ? [] : [named]), ...others]) {
    try {
      const open = await openPlatform(dependencies, name);
      const report = (await open.catalogue.readReport(reference)) as RunReport | undefined;
      if (report) return { open, run: reference, report };
    } catch (error) {
      if (name === named || !(error instanceof Failure)) throw error;
      unread.push(`${name}: ${error.message}`);
    }
  }
  const holds = platform === undefined ? 'No catalogue holds a' : `The catalogue of ${platform} holds no`;
  throw new Failure('RunNotFound', {
    message: [`${holds} report of a run "${reference}"`, ...unread.map((why) => `not searched: ${why}`)].join('; '),
    remedy: 'Choose a run that has ended, by its id: "rekindle runs" lists them',
  });
}

async function newestReport(dependencies: Dependencies, platform: PlatformName): Promise<FoundReport> {
  const open = await openPlatform(dependencies, platform);
  const run = lastRunOf(await open.catalogue.listOutcomes())?.run;
  const report = run === undefined ? undefined : ((await open.catalogue.readReport(run)) as RunReport | undefined);
  if (run !== undefined && report) return { open, run, report };
  throw new Failure('RunNotFound', {
    message: `The catalogue of ${platform} holds no report yet`,
    remedy: `Wait until a run has ended: "rekindle status ${platform}" shows what runs`,
  });
}
