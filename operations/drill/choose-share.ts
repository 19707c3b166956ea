import { passed, warned, type Check } from '../../domain/checks.ts';
import {
  bytesOf,
  chooseUnits,
  indicesByStore,
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
import type { RunProgress } from '../../domain/runs/progress.ts';
import { indicesInSnapshot } from '../../systems/elasticsearch/snapshots/snapshot-status.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withElasticsearchNamed } from '../stores/with-elasticsearch.ts';

// What a drill restores when it does not restore all: what a person named, or as much as fits, by turns.

/** Reports of drills that are read to know whose turn it is. */
const mostReports = 60;

export interface Extent {
  /** Absent: all of the recovery point. */
  share?: Share;
  bytes: number;
  checks: Check[];
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
  const whole: Extent = { bytes: totalBytes, checks: [passed('drill extent', 'All of the recovery point')] };
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
  const picked = chooseUnits(units, { mostBytes, rehearsed: rehearsedOf(drills) });
  // What derived stores and checks need does not fit alone: the check of the disk says so, with figures.
  if (picked === undefined) return { ...whole, bytes: bytesOf(units.filter(({ needed }) => needed)) };
  const { chosen, tooLarge } = picked;
  if (chosen.length === all.length) return whole;
  const share = { indices: indicesByStore(chosen), completes: completes(all, chosen, drills, wanted.point) };
  return { share, bytes: bytesOf(chosen), checks: [extentCheck({ all, chosen, tooLarge, share })] };
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

/** Newest first. A report that cannot be read counts for nothing. */
async function passedDrills({ catalogue }: OpenPlatform): Promise<RunProgress[]> {
  const outcomes = await catalogue.listOutcomes();
  const passes = outcomes.filter(({ kind, phase }) => kind === 'drill' && phase === 'passed').slice(-mostReports);
  const reports = passes.map(
    ({ run }) => catalogue.readReport(run).catch(() => undefined) as Promise<RunProgress | undefined>,
  );
  return (await Promise.all(reports)).filter((report) => report !== undefined).toReversed();
}

/** A drill of the whole rehearsed all alike: it changes nobody's turn. */
function rehearsedOf(drills: readonly RunProgress[]): Rehearsed[] {
  return drills.flatMap(({ rehearses = {}, startedAt: at }) =>
    Object.entries(rehearses).flatMap(([store, indices]) => indices.map((index) => ({ store, index, at }))),
  );
}

function completes(
  all: readonly Unit[],
  chosen: readonly Unit[],
  drills: readonly RunProgress[],
  point: string,
): boolean {
  const earlier = drills.filter(({ recoveryPoint }) => recoveryPoint?.id === point);
  const rehearsed = [indicesByStore(chosen), ...earlier.map(({ rehearses = {} }) => rehearses)];
  const done = new Set(
    rehearsed.flatMap((indices) =>
      Object.entries(indices).flatMap(([store, names]) => names.map((name) => `${store}/${name}`)),
    ),
  );
  return all.every(({ store, indices }) => indices.every((index) => done.has(`${store}/${index}`)));
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
