import { measuredRun, type MeasuredRun } from '../../domain/forecast/measured.ts';
import { mostRuns } from '../../domain/forecast/step-time.ts';
import type { RunOutcome } from '../../domain/runs/outcome.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { OpenPlatform } from '../open-platform.ts';

export interface EarlierRuns {
  /** With every step's time; the newest first. */
  measured: MeasuredRun[];
  /** How all restores and drills that passed ended; the newest first. */
  outcomes: RunOutcome[];
}

/**
 * The newest restores and drills of the platform that passed. Which runs these are, their outcomes say: whoever starts a run by
 * hand chooses its id. A report that cannot be read is left out. Failures: those of the storage.
 */
export async function readEarlierRuns({ catalogue }: Pick<OpenPlatform, 'catalogue'>): Promise<EarlierRuns> {
  const all = (await catalogue.listOutcomes()).filter(({ phase }) => phase === 'passed').toReversed();
  const newest = (kind: RunOutcome['kind']) => all.filter((outcome) => outcome.kind === kind);
  const ofKinds = (['restore', 'drill'] as const).map((kind) => newest(kind).slice(0, mostRuns));
  const outcomes = all.filter(({ kind }) => kind === 'restore' || kind === 'drill');
  if (outcomes.length === 0) return { measured: [], outcomes };
  const points = new Set(ofKinds.flat().flatMap(({ recoveryPoint }) => recoveryPoint ?? []));
  const known = (await catalogue.listPoints([...points])).points;
  const read = ofKinds.flat().map(async ({ run, recoveryPoint }) => {
    const report = (await catalogue.readReport(run).catch(() => undefined)) as RunProgress | undefined;
    const size = known.find(({ id }) => id === recoveryPoint)?.totalBytes;
    return report && measuredRun(report, size);
  });
  return { measured: (await Promise.all(read)).filter((one) => one !== undefined), outcomes };
}
