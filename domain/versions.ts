import { failed, passed, warned, type Check } from './checks.ts';
import { listed } from './listed.ts';
import type { IndexName } from './platform.ts';

// What Elasticsearch can restore, for restores and copies alike.

/** By index, the major version that it was created with. */
export type CreatedVersions = Record<IndexName, number>;

/**
 * Whether the Elasticsearch that is to restore a snapshot is `older` than it, or they are too far `apart`: it reads
 * snapshots of its own minor version and of older ones, back to the major before its own. An `older patch` of the same
 * minor usually reads it, too, since 8.11: both then have one format of indices. A patch may bring a new one.
 */
export function faultOfVersions(snapshot: string, target: string): 'older' | 'older patch' | 'apart' | undefined {
  const [took, runs] = [partsOf(snapshot), partsOf(target)];
  const [major = 0, minor = 0] = runs;
  const at = [0, 1, 2].find((index) => (runs[index] ?? 0) !== (took[index] ?? 0));
  if (at !== undefined && (runs[at] ?? 0) < (took[at] ?? 0))
    return at === 2 && (major > 8 || (major === 8 && minor >= 11)) ? 'older patch' : 'older';
  return (runs[0] ?? 0) > (took[0] ?? 0) + 1 ? 'apart' : undefined;
}

/** Indices that a target cannot open: created before the major before its own (`old`), or later than it (`young`). */
export function createdFaults(created: CreatedVersions, target: string): Record<'old' | 'young', string[]> {
  const major = majorOf(target);
  const named = (fits: (version: number) => boolean) =>
    Object.entries(created).flatMap(([name, version]) => (fits(version) ? [`${name} (${version}.x)`] : []));
  return { old: named((version) => version < major - 1), young: named((version) => version > major) };
}

export const majorOf = (version: string): number => partsOf(version)[0] ?? 0;

export interface Versions {
  /** Of the Elasticsearch that took the snapshot: `8.19.3`. */
  snapshot: string;
  /** Of the Elasticsearch that restores it. */
  target: string;
  /** Absent: not known. */
  created?: CreatedVersions;
}

/** Whether the destination of a copy can hold what the snapshot holds. */
export function checkVersions({ snapshot, target, created }: Versions): Check[] {
  const name = 'version';
  const evidence = `The snapshot is of ${snapshot}, the destination is ${target}`;
  const fault = faultOfVersions(snapshot, target);
  if (fault === 'older')
    return [
      failed(
        name,
        `${evidence}: a snapshot cannot be restored by an older version`,
        `Bring the destination to ${snapshot} or later, or copy document by document (_reindex from remote)`,
      ),
    ];
  if (fault === 'apart')
    return [
      failed(
        name,
        `${evidence}: they are more than one major version apart`,
        `Go by a cluster of ${majorOf(snapshot) + 1}.x in between: copy into it, reindex, take a new backup there`,
      ),
    ];
  const fits =
    fault === undefined
      ? passed(name, evidence)
      : warned(
          name,
          `${evidence}: a later patch, which it usually reads`,
          `Should it refuse the snapshot, bring the destination to ${snapshot}; nothing is touched then`,
        );
  return [fits, checkCreated('created versions', created, target, 'leave them out with --indices')];
}

/** `otherwise`: what to do about indices that the target cannot open, other than to reindex them. */
export function checkCreated(
  name: string,
  created: CreatedVersions | undefined,
  target: string,
  otherwise: string,
): Check {
  const major = majorOf(target);
  if (created === undefined)
    return warned(
      name,
      'The version that each index was created with is not known, since the source does not answer',
      `Should the destination refuse an index created before ${major - 1}.0, reindex it on the source and take a new backup`,
    );
  const { old, young } = createdFaults(created, target);
  if (old.length > 0)
    return failed(
      name,
      `${old.length} indices were created before ${major - 1}.0, which ${major}.x cannot open: ${listed(old)}`,
      `Reindex them on the source and take a new backup, or ${otherwise}`,
    );
  if (young.length > 0)
    return failed(
      name,
      `${young.length} indices were created by a later version than ${major}.x: ${listed(young)}`,
      `Bring the target to that version, or ${otherwise}`,
    );
  const oldest = Math.min(...Object.values(created));
  return passed(name, Number.isFinite(oldest) ? `Created with ${oldest}.x or later` : 'No index');
}

function partsOf(version: string): number[] {
  return (version.split('-')[0] ?? '').split('.').map(Number);
}
