import type { Platform } from '../../domain/platform.ts';
import type { RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';
import type { PointFigures } from '../../domain/notifications/statsd.ts';
import type { Catalogue } from '../../systems/catalogue/catalogue.ts';

/** Twice the objective, at least a day: a point within it is found without listing all the others. */
const leastWindowMinutes = 24 * 60;

/** The newest good recovery point, found from keys alone. Failures: those of the storage. */
export function newestPointOf(
  catalogue: Catalogue,
  { objectives }: Platform,
): Promise<RecoveryPointSummary | undefined> {
  const minutes = Math.max(leastWindowMinutes, 2 * (objectives.recoveryPointMinutes ?? 0));
  return catalogue.newestPoint(new Date(Date.now() - minutes * 60_000).toISOString());
}

/** Failures: those of the storage. */
export async function figuresOf(catalogue: Catalogue, platform: Platform): Promise<PointFigures> {
  const point = await newestPointOf(catalogue, platform);
  return point === undefined ? {} : figuresOfPoint(point);
}

export function figuresOfPoint(point: RecoveryPointSummary): PointFigures {
  const { totalBytes, incrementalBytes, documents } = point;
  const ageSeconds = Math.max(0, Math.round((Date.now() - Date.parse(point.startedAt)) / 1000));
  return { ageSeconds, totalBytes, incrementalBytes, documents };
}
