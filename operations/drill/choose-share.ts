import { passed, warned, type Check } from '../../domain/checks.ts';
import { restoredOf, type PassedDrill } from '../../domain/drills/proof-under-way.ts';
import {
  bytesOf,
  chooseUnits,
  indicesByStore,
  keyOf,
  namedUnits,
  unitsOf,
  type Rehearsed,
  type Share,
  type Unit,
} from '../../domain/drills/share.ts';
import { Failure } from '../../domain/failures.ts';
import { listed } from '../../domain/listed.ts';
import { storesOfKind, type IndexName, type StoreName } from '../../domain/platform.ts';
import type { ExpectedSet, RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import { indicesInSnapshot } from '../../systems/elasticsearch/snapshots/snapshot-status.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withElasticsearchNamed } from '../stores/with-elasticsearch.ts';
import { passedDrills } from './passed-drills.ts';

// What a drill restores when it does not restore all: what a person named, or as much as fits, by turns.

export interface Extent {
  /** Absent: all of the recovery point. */
  share?: Share;
  bytes: number;
  checks: Check[];
  /** Whether this drill and those after it, within the same limit, can restore all of the point: then it will be proven. */
  provable: boolean;
}

export interface ExtentWanted {
  point: RecoveryPointId;
  expected: readonly ExpectedSet[];
  /** Names and patterns; absent: all. */
  patterns?: readonly string[] | undefined;
  mostBytes: number;
}

/** Failure: InvalidArgument when no index has a name that is wanted. */
export async function chooseExtent(open: OpenPlatform, wanted: ExtentWanted): Promise<Extent> {
  const { expected, patterns, mostBytes } = wanted;
  const totalBytes = expected.reduce((sum, set) => sum + set.totalBytes, 0);
  const checks = [passed('drill extent', 'All of the recovery point')];
  const whole: Extent = { bytes: totalBytes, checks, provable: true };
  if (patterns === undefined && totalBytes <= mostBytes) return whole;
  const all = unitsOf({ platform: open.platform, expected, bytes: await sizesOf(open, expected) });
  const units = patterns === undefined ? all : namedUnits(all, patterns);
  if (
    patterns !== undefined &&
    !units.some((unit) => !unit.needed || namedUnits([{ ...unit, needed: false }], patterns).length > 0)
  )
    throw new Failure('InvalidArgument', {
      message: `The recovery point ${wanted.point} holds no index that fits ${patterns.join(', ')}`,
      remedy: `Choose among: ${listed(all.flatMap(({ indices }) => indices))}`,
    });
  const drills = await passedDrills(open);
  const restored = restoredOf(wanted.point, drills);
  const lacks = (store: StoreName, index: IndexName) => !restored.has(keyOf(store, index));
  const picked = chooseUnits(units, { mostBytes, rehearsed: rehearsedOf(drills), lacks });
  // What derived stores and checks need does not fit alone: the check of the disk says so, with figures.
  if (picked === undefined) return { ...whole, bytes: bytesOf(units.filter(({ needed }) => needed)), provable: false };
  const { chosen, tooLarge } = picked;
  if (chosen.length === all.length) return whole;
  const still = (some: readonly Unit[]) =>
    some.filter(({ store, indices }) => indices.some((index) => lacks(store, index)));
  const completes = still(all).every((unit) => chosen.includes(unit));
  const share = { indices: indicesByStore(chosen), completes };
  return {
    share,
    bytes: bytesOf(chosen),
    checks: [extentCheck({ all, chosen, tooLarge, share })],
    provable: still(tooLarge).length === 0,
  };
}

/** Of the snapshot's indices, as the living Elasticsearch reads them in its repository; empty when it does not answer. */
async function sizesOf(
  open: OpenPlatform,
  expected: readonly ExpectedSet[],
): Promise<Record<StoreName, Record<IndexName, number>>> {
  const here = new Set(storesOfKind(open.platform, 'elasticsearch').map(({ name }) => name));
  const sizes = expected
    .filter(({ store }) => here.has(store))
    .map(async ({ store, snapshot }) => {
      const found = await withElasticsearchNamed(open, store, (client, { repository }) =>
        indicesInSnapshot(client, repository.name, snapshot),
      ).catch((): Awaited<ReturnType<typeof indicesInSnapshot>> => ({}));
      return [store, Object.fromEntries(Object.entries(found).map(([name, one]) => [name, one.totalBytes]))] as const;
    });
  return Object.fromEntries(await Promise.all(sizes));
}

/** A drill of the whole rehearsed all alike: it changes nobody's turn. */
function rehearsedOf(drills: readonly PassedDrill[]): Rehearsed[] {
  return drills.flatMap(({ rehearses = {}, startedAt: at }) =>
    Object.entries(rehearses).flatMap(([store, indices]) => indices.map((index) => ({ store, index, at }))),
  );
}

function extentCheck({
  all,
  chosen,
  tooLarge,
  share,
}: {
  all: readonly Unit[];
  chosen: readonly Unit[];
  tooLarge: readonly Unit[];
  share: Share;
}): Check {
  const count = (units: readonly Unit[]) => units.reduce((sum, { indices }) => sum + indices.length, 0);
  const gigabytes = (units: readonly Unit[]) => `${(bytesOf(units) / 1e9).toFixed(1)} GB`;
  const rest = share.completes
    ? 'with earlier drills of this recovery point, all of it is rehearsed'
    : 'this recovery point is not proven by it';
  const never = tooLarge.length === 0 ? '' : `; never fits: ${listed(tooLarge.flatMap(({ indices }) => indices))}`;
  const evidence = `${count(chosen)} of ${count(all)} indices, ${gigabytes(chosen)} of ${gigabytes(all)}, without feature states; ${rest}${never}`;
  return warned('drill extent', evidence, 'Raise drill.disk and make room, or let the next drills take their turns');
}
