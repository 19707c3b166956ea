import { failed, passed, warned, type Check } from '../checks.ts';
import { listed } from '../listed.ts';
import type { IndexName } from '../platform.ts';

export interface Versions {
  /** Of the Elasticsearch that took the snapshot: `8.19.3`. */
  snapshot: string;
  /** Of the Elasticsearch that restores it. */
  target: string;
  /** By index, the major version that it was created with; absent: not known. */
  created?: Record<IndexName, number>;
}

/**
 * Whether the target can hold what the snapshot holds. Elasticsearch reads snapshots of its own minor and older ones, back
 * to the major before its own, and indices that were created no earlier than that.
 */
export function checkVersions({ snapshot, target, created }: Versions): Check[] {
  const name = 'version';
  const evidence = `The snapshot is of ${snapshot}, the destination is ${target}`;
  const [took, runs] = [partsOf(snapshot), partsOf(target)];
  const major = runs[0] ?? 0;
  const takenBy = took[0] ?? 0;
  if (compare(runs, took) < 0)
    return [
      failed(
        name,
        `${evidence}: a snapshot cannot be restored by an older version`,
        `Bring the destination to ${snapshot} or later, or copy document by document (_reindex from remote)`,
      ),
    ];
  if (major > takenBy + 1)
    return [
      failed(
        name,
        `${evidence}: they are more than one major version apart`,
        `Go by a cluster of ${takenBy + 1}.x in between: copy into it, reindex, take a new backup there`,
      ),
    ];
  return [passed(name, evidence), ...checkCreated(created, major)];
}

function checkCreated(created: Versions['created'], major: number): Check[] {
  const name = 'created versions';
  if (created === undefined)
    return [
      warned(
        name,
        'The version that each index was created with is not known, since the source does not answer',
        `Should the destination refuse an index created before ${major - 1}.0, reindex it on the source and take a new backup`,
      ),
    ];
  const old = Object.entries(created).filter(([, version]) => version < major - 1);
  const young = Object.entries(created).filter(([, version]) => version > major);
  if (old.length > 0)
    return [
      failed(
        name,
        `${old.length} indices were created before ${major - 1}.0, which ${major}.x cannot open: ${namesOf(old)}`,
        'Reindex them on the source and take a new backup, or leave them out with --indices',
      ),
    ];
  if (young.length > 0)
    return [
      failed(
        name,
        `${young.length} indices were created by a later version than ${major}.x: ${namesOf(young)}`,
        'Bring the destination to that version, or leave them out with --indices',
      ),
    ];
  const oldest = Math.min(...Object.values(created));
  return [passed(name, Number.isFinite(oldest) ? `Created with ${oldest}.x or later` : 'No index')];
}

const namesOf = (entries: readonly [IndexName, number][]) =>
  listed(entries.map(([name, version]) => `${name} (${version}.x)`));

function partsOf(version: string): number[] {
  return (version.split('-')[0] ?? '').split('.').map(Number);
}

/** A later patch of one minor reads and is read by all of it. */
function compare(a: readonly number[], b: readonly number[]): number {
  const at = [0, 1].find((index) => (a[index] ?? 0) !== (b[index] ?? 0));
  return at === undefined ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
