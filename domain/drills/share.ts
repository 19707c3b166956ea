import type { IndexName, Platform, StoreName } from '../platform.ts';
import { isNamed } from '../recovery-points/index-patterns.ts';
import type { ExpectedIndex, ExpectedSet } from '../recovery-points/recovery-point.ts';

/** What a drill restores that does not restore all. */
export interface Share {
  /** By store; a store without any is absent. */
  indices: Record<StoreName, IndexName[]>;
  /** With what earlier drills of the same recovery point passed with, this is all of it. */
  completes: boolean;
}

/** What comes back together: an index, or all indices of a data stream. */
export interface Unit {
  store: StoreName;
  indices: IndexName[];
  bytes: number;
  /** Derived stores are rebuilt from it, or a smoke check asks it. */
  needed: boolean;
}

export interface UnitsOf {
  platform: Platform;
  expected: readonly ExpectedSet[];
  /** Bytes by index; an index that is missing gets its part of the rest by its shards. */
  bytes: Record<StoreName, Record<IndexName, number>>;
}

export function unitsOf({ platform, expected, bytes }: UnitsOf): Unit[] {
  return expected.flatMap((set) => {
    const { store, indices, dataStreams = [] } = set;
    const sizeOf = sizes(set, bytes[store] ?? {});
    const wanted = neededOf(platform, store);
    const streams = dataStreams.map((stream) => ({ names: new Set(stream.indices), called: [stream.name] }));
    const inStreams = new Set(streams.flatMap(({ names }) => [...names]));
    const alone = indices
      .filter(({ name }) => !inStreams.has(name))
      .map(({ name, aliases }) => ({ names: new Set([name]), called: aliases }));
    return [...alone, ...streams].map(({ names, called }): Unit => {
      const members = indices.filter(({ name }) => names.has(name));
      return {
        store,
        indices: members.map(({ name }) => name),
        bytes: members.reduce((sum, index) => sum + sizeOf(index), 0),
        needed: [...names, ...called].some((name) => wanted.length > 0 && isNamed(name, wanted)),
      };
    });
  });
}

/** Names and patterns, also of aliases. */
function neededOf({ stores, smoke }: Platform, store: StoreName): string[] {
  const queues = stores.flatMap((one) =>
    one.kind === 'zookeeper-queue' && one.from.store === store ? [one.from.index] : [],
  );
  const queries = smoke.flatMap((check) =>
    check.kind === 'query' && check.store === store ? check.index.split(',') : [],
  );
  return [...queues, ...queries];
}

function sizes({ indices, totalBytes }: ExpectedSet, known: Record<IndexName, number>) {
  const knownBytes = Object.values(known).reduce((sum, bytes) => sum + bytes, 0);
  const shards = indices.filter(({ name }) => known[name] === undefined).reduce((sum, one) => sum + one.primaries, 0);
  const perShard = shards === 0 ? 0 : Math.max(0, totalBytes - knownBytes) / shards;
  return ({ name, primaries }: ExpectedIndex) => known[name] ?? Math.ceil(primaries * perShard);
}

export interface Rehearsed {
  store: StoreName;
  index: IndexName;
  /** When a drill passed that restored it. ISO 8601, UTC. */
  at: string;
}

export interface Turns {
  mostBytes: number;
  rehearsed: readonly Rehearsed[];
  /** What no drill has restored of this recovery point yet; absent: all of it. */
  lacks?: (store: StoreName, index: IndexName) => boolean;
}

/**
 * As many as fit into `mostBytes`: what is needed in any case, then what the proof of the point lacks, then what was rehearsed longest ago, by names
 * where that is equal. Undefined: what is needed does not fit alone. `tooLarge`: what no drill within the limit can restore.
 */
export function chooseUnits(
  units: readonly Unit[],
  { mostBytes, rehearsed, lacks = () => true }: Turns,
): { chosen: Unit[]; tooLarge: Unit[] } | undefined {
  const needed = units.filter((unit) => unit.needed);
  const least = bytesOf(needed);
  if (least > mostBytes) return undefined;
  const last = new Map<string, string>();
  for (const { store, index, at } of rehearsed) {
    const key = keyOf(store, index);
    if ((last.get(key) ?? '') < at) last.set(key, at);
  }
  const since = ({ store, indices }: Unit) =>
    indices.map((index) => last.get(keyOf(store, index)) ?? '').reduce((a, b) => (a < b ? a : b), '9');
  const wanting = ({ store, indices }: Unit) => (indices.some((index) => lacks(store, index)) ? 0 : 1);
  const rest = units
    .filter((unit) => !unit.needed)
    .toSorted((a, b) => wanting(a) - wanting(b) || compare(since(a), since(b)) || compare(nameOf(a), nameOf(b)));
  const chosen = [...needed];
  let bytes = least;
  for (const unit of rest) {
    if (bytes + unit.bytes > mostBytes) continue;
    chosen.push(unit);
    bytes += unit.bytes;
  }
  return { chosen, tooLarge: rest.filter((unit) => least + unit.bytes > mostBytes) };
}

export const bytesOf = (units: readonly Unit[]): number => units.reduce((sum, unit) => sum + unit.bytes, 0);

/** Those that a person named, and what is needed in any case. */
export function namedUnits(units: readonly Unit[], patterns: readonly string[]): Unit[] {
  return units.filter((unit) => unit.needed || unit.indices.some((index) => isNamed(index, patterns)));
}

export function indicesByStore(units: readonly Unit[]): Record<StoreName, IndexName[]> {
  const named: Record<StoreName, IndexName[]> = {};
  for (const { store, indices } of units) (named[store] ??= []).push(...indices);
  return named;
}

/** The part of an expected set that a drill restores: Elasticsearch brings feature states back as a whole, so it has none. */
export function expectedOfShare(expected: ExpectedSet, { indices }: Pick<Share, 'indices'>): ExpectedSet {
  const names = new Set(indices[expected.store]);
  const { dataStreams } = expected;
  return {
    ...expected,
    indices: expected.indices.filter(({ name }) => names.has(name)),
    ...(dataStreams && { dataStreams: dataStreams.filter((stream) => stream.indices.every((one) => names.has(one))) }),
    featureStates: [],
    systemIndices: [],
  };
}

export const keyOf = (store: StoreName, index: IndexName) => `${store}/${index}`;
const nameOf = ({ store, indices }: Unit) => keyOf(store, indices[0] ?? '');
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
