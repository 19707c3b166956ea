import { faultOfName, parseRules, rename, renamingOf, type Renaming } from './rename.ts';
import { listed } from '../listed.ts';
import type { IndexName } from '../platform.ts';
import type { ExpectedIndex } from '../recovery-points/recovery-point.ts';
import { chooseIndices, type ChosenIndices } from './choose-indices.ts';
import type { CopySituation } from './situation.ts';
import type { CopiedIndex } from './wishes.ts';

/** What a copy does about one index of the snapshot. */
export interface IndexFate extends CopiedIndex {
  primaries: number;
  replicas?: number;
  /** What readers call it afterwards: an index, or an alias that means `restored`. */
  name: IndexName;
  renaming?: Renaming;
  /** The data stream that it backs: all of that comes in one request. */
  dataStream?: string;
  /** The aliases that it brings; none where they are left out. */
  aliases: string[];
  does:
    | { what: 'create' }
    | { what: 'skip' }
    /** What stands there is deleted first. */
    | { what: 'replace'; uuid: string }
    /** Restored beside it; then, in one moment, the name means the new one. */
    | { what: 'swap'; removes?: { index: IndexName; uuid: string }; leaves: IndexName[] }
    | { what: 'fail'; why: string; remedy: string };
}

export interface Fates extends ChosenIndices {
  fates: IndexFate[];
}

/** Decides for each chosen index; the names are exact from here on. Failure: InvalidArgument, for a rule of renaming. */
export function fatesOf(situation: CopySituation): Fates {
  const { expected, wishes } = situation;
  const rules = parseRules(wishes.rename);
  const held = new Map(expected.indices.map((index) => [index.name, index]));
  const choice = chooseIndices([...held.keys()], wishes.indices);
  const fates = choice.chosen.map((source): IndexFate => {
    const index = held.get(source) as ExpectedIndex;
    const renaming = renamingOf(source, rules);
    const name = rename(source, renaming);
    const stream = expected.dataStreams?.find(({ indices }) => indices.includes(source));
    const fate = {
      source,
      name,
      restored: name,
      primaries: index.primaries,
      ...(index.replicas !== undefined && { replicas: index.replicas }),
      ...(renaming && { renaming }),
      ...(stream && { dataStream: stream.name }),
      aliases: wishes.aliases ? index.aliases : [],
    };
    const missing = stream?.indices.filter((each) => !choice.chosen.includes(each)) ?? [];
    if (stream && missing.length > 0) return { ...fate, does: partOf(stream.name, missing) };
    return decide(situation, fate, (suffix) => renamingOf(source, rules, suffix));
  });
  return { ...choice, fates: refuseClashes(fates) };
}

function decide(
  { seen, wishes, recoveryPoint }: CopySituation,
  fate: Omit<IndexFate, 'does'>,
  beside: (suffix: string) => Renaming | undefined,
): IndexFate {
  const { name, source, dataStream } = fate;
  const fail = (why: string, remedy: string): IndexFate => ({ ...fate, does: { what: 'fail', why, remedy } });
  if (dataStream !== undefined && (fate.renaming !== undefined || wishes.existing === 'swap'))
    return fail(
      `${source} is a part of the data stream ${dataStream}, which comes back whole and under its own name`,
      'Copy data streams by a run of their own, without --rename and --existing swap',
    );
  const fault = faultOfName(name);
  if (fault !== undefined) return fail(`"${name}" is no name for an index: ${fault}`, 'Correct --rename');
  const meant = seen.aliases[name];
  const index = seen.indices[name];
  if (seen.dataStreams.includes(name)) return fail(`${name} is a data stream on the destination`, otherName);
  if (index?.dataStream !== undefined)
    return fail(`${name} belongs to the data stream ${index.dataStream} on the destination`, otherName);
  if (index === undefined && meant === undefined) return { ...fate, does: { what: 'create' } };
  const there = index === undefined ? `an alias of ${(meant ?? []).join(', ')}` : 'an index';
  if (wishes.existing === 'skip') return { ...fate, does: { what: 'skip' } };
  if (wishes.existing === 'replace' && index !== undefined)
    return { ...fate, does: { what: 'replace', uuid: index.uuid } };
  if (wishes.existing === 'swap') {
    const suffix = freeSuffix(name, recoveryPoint.id, seen);
    const renaming = beside(suffix);
    return {
      ...fate,
      restored: `${name}${suffix}`,
      ...(renaming && { renaming }),
      does: {
        what: 'swap',
        ...(index && { removes: { index: name, uuid: index.uuid } }),
        leaves: meant ?? [],
      },
    };
  }
  return fail(
    `${name} is there already: ${there}`,
    index === undefined
      ? 'Use --existing swap, which moves the alias to the new index, or give another name with --rename'
      : 'Choose with --existing: skip, replace, or swap; or give another name with --rename',
  );
}

function partOf(stream: string, missing: readonly IndexName[]): IndexFate['does'] {
  return {
    what: 'fail',
    why: `the data stream ${stream} comes back whole, and these are not wanted: ${listed(missing)}`,
    remedy: `Name all of it, for instance with --indices '.ds-${stream}-*', or none of it`,
  };
}

const otherName = 'Give another name with --rename, or delete it there';

/** The point's id behind the name says where it comes from; a number more when the same point was copied before. */
function freeSuffix(name: IndexName, point: string, { indices, aliases }: CopySituation['seen']): string {
  for (let copy = 1; ; copy++) {
    const suffix = `-${point.toLowerCase()}${copy === 1 ? '' : `-${copy}`}`;
    if (indices[`${name}${suffix}`] === undefined && aliases[`${name}${suffix}`] === undefined) return suffix;
  }
}

/** Two indices that would get one name. */
function refuseClashes(fates: IndexFate[]): IndexFate[] {
  return fates.map((fate) => {
    const same = fates.filter(({ name }) => name === fate.name).map(({ source }) => source);
    if (same.length === 1) return fate;
    const why = `${same.join(' and ')} would both be called ${fate.name}`;
    return { ...fate, does: { what: 'fail', why, remedy: 'Correct --rename, or copy them one after the other' } };
  });
}
