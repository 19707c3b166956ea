import type { SnapshotName } from '../platform.ts';

/** The snapshot's time in UTC, lower case: `2026-11-21t0930z`, with seconds when the minute was taken. */
export type RecoveryPointId = string;

export const snapshotPrefix = 'snapshot.';

export function snapshotNameOf(id: RecoveryPointId): SnapshotName {
  return `${snapshotPrefix}${id}`;
}

/**
 * The id of a recovery point that starts at `startedAt` (ISO 8601, UTC); to the minute, to the second when that minute
 * is among `taken`. Snapshot names must be lower case, hence the small t and z.
 */
export function recoveryPointId(startedAt: string, taken: ReadonlySet<RecoveryPointId>): RecoveryPointId {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)/.exec(startedAt);
  if (!match) throw new RangeError(`Not an ISO 8601 time: ${startedAt}`);
  const [, date = '', hours = '', minutes = '', seconds = ''] = match;
  const toTheMinute = `${date}t${hours}${minutes}z`;
  return taken.has(toTheMinute) ? `${date}t${hours}${minutes}${seconds}z` : toTheMinute;
}
