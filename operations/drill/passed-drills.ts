import { lastProofAt, proofUnderWay, type PassedDrill } from '../../domain/drills/proof-under-way.ts';
import type { RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';
import type { OpenPlatform } from '../open-platform.ts';

/** Reports of drills that are read to know whose turn it is. */
const mostReports = 60;

/** Those that ended at `since` or later, newest first. A report that cannot be read counts for nothing. */
export async function passedDrills(
  { catalogue }: Pick<OpenPlatform, 'catalogue'>,
  since?: string,
): Promise<PassedDrill[]> {
  const outcomes = await catalogue.listOutcomes(since);
  const passes = outcomes.filter(({ kind, phase }) => kind === 'drill' && phase === 'passed').slice(-mostReports);
  const reports = passes.map(
    ({ run }) => catalogue.readReport(run).catch(() => undefined) as Promise<PassedDrill | undefined>,
  );
  return (await Promise.all(reports)).filter((report) => report !== undefined).toReversed();
}

/** The point whose proof by parts is under way. No report is read from before the last proof: usually none at all. */
export async function findProofUnderWay(
  open: Pick<OpenPlatform, 'catalogue'>,
  points: readonly RecoveryPointSummary[],
): Promise<RecoveryPointSummary | undefined> {
  return proofUnderWay(points, await passedDrills(open, lastProofAt(points)));
}
