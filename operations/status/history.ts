import type { RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';
import type { RunOutcome } from '../../domain/runs/outcome.ts';
import type { CatalogueView } from './catalogue-reader.ts';

/** How a run ended; of a backup, with its sizes. */
export interface PastRun extends RunOutcome {
  incrementalBytes?: number;
  totalBytes?: number;
  suspect?: true;
}

/** The newest `limit` outcomes, newest first; from keys alone. `points`: those of the catalogue. */
export async function readHistory(
  catalogue: Pick<CatalogueView, 'listOutcomes'>,
  points: readonly RecoveryPointSummary[],
  limit: number,
): Promise<PastRun[]> {
  const outcomes = (await catalogue.listOutcomes()).slice(-limit).toReversed();
  const wanted = new Set(outcomes.map(({ recoveryPoint }) => recoveryPoint));
  const sizes = new Map(points.filter(({ id }) => wanted.has(id)).map((point) => [point.id, point]));
  return outcomes.map((outcome) => {
    const point = outcome.kind === 'backup' ? sizes.get(outcome.recoveryPoint ?? '') : undefined;
    if (!point) return outcome;
    const { incrementalBytes, totalBytes, suspect } = point;
    return { ...outcome, incrementalBytes, totalBytes, ...(suspect && { suspect }) };
  });
}
