import {
  bytesOf,
  chooseUnits,
  expectedOfShare,
  indicesByStore,
  namedUnits,
  unitsOf,
  type Rehearsed,
} from '../../../domain/drills/share.ts';
import type { ExpectedIndex, ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import { demoPlatform } from '../../demo-situation.ts';

const index = (name: string, primaries = 1): ExpectedIndex => ({
  name,
  state: 'open',
  primaries,
  aliases: [],
  samples: [],
});

/** Six indices, two of them of one data stream; the queue of the demo platform is rebuilt from `nuvla-job`. */
function expectedSet(): ExpectedSet {
  return {
    version: 1,
    store: 'documents',
    snapshot: 'snapshot.1',
    repository: 's3_backup',
    elasticsearchVersion: '8.19.0',
    startedAt: '2026-11-21T09:30:00Z',
    finishedAt: '2026-11-21T09:31:00Z',
    shards: 8,
    totalBytes: 800,
    incrementalBytes: 0,
    indices: [index('nuvla-job'), index('a', 2), index('b'), index('c'), index('.ds-logs-1'), index('.ds-logs-2')],
    dataStreams: [{ name: 'logs', indices: ['.ds-logs-1', '.ds-logs-2'] }],
    featureStates: [{ name: 'security', indices: ['.security-7'] }],
  };
}

const units = (bytes: Record<string, number> = {}) =>
  unitsOf({ platform: demoPlatform(), expected: [expectedSet()], bytes: { documents: bytes } });
const namesOf = (chosen: readonly { indices: string[] }[] | undefined) =>
  chosen?.map(({ indices }) => indices.join('+'));

test('an index is a unit, a data stream too; what a queue is rebuilt from is needed; unknown sizes follow from shards', () => {
  expect(units({ 'nuvla-job': 100, b: 300 })).toEqual([
    { store: 'documents', indices: ['nuvla-job'], bytes: 100, needed: true },
    { store: 'documents', indices: ['a'], bytes: 160, needed: false },
    { store: 'documents', indices: ['b'], bytes: 300, needed: false },
    { store: 'documents', indices: ['c'], bytes: 80, needed: false },
    { store: 'documents', indices: ['.ds-logs-1', '.ds-logs-2'], bytes: 160, needed: false },
  ]);
});

test('what was rehearsed longest ago comes first; in turns, all of it is rehearsed', () => {
  const all = units({ 'nuvla-job': 100, a: 200, b: 200, c: 200, '.ds-logs-1': 50, '.ds-logs-2': 50 });
  const rehearsed: Rehearsed[] = [];
  const turns = [1, 2, 3].map((day) => {
    const { chosen = [] } = chooseUnits(all, { mostBytes: 400, rehearsed }) ?? {};
    for (const [store, names] of Object.entries(indicesByStore(chosen)))
      for (const name of names) rehearsed.push({ store, index: name, at: `2026-11-2${day}T00:00:00Z` });
    expect(bytesOf(chosen)).toBeLessThanOrEqual(400);
    return namesOf(chosen);
  });
  expect(turns).toEqual([
    ['nuvla-job', '.ds-logs-1+.ds-logs-2', 'a'],
    ['nuvla-job', 'b', '.ds-logs-1+.ds-logs-2'],
    ['nuvla-job', 'c', '.ds-logs-1+.ds-logs-2'],
  ]);
  expect(new Set(rehearsed.map(({ index: name }) => name)).size).toBe(6);
});

test('what a point still lacks for its proof comes before what others lack', () => {
  const all = units({ 'nuvla-job': 100, a: 200, b: 200, c: 200, '.ds-logs-1': 50, '.ds-logs-2': 50 });
  const rehearsed = [{ store: 'documents', index: 'c', at: '2026-11-20T00:00:00Z' }];
  const lacking = (name: string) => name === 'c';
  const { chosen } = chooseUnits(all, { mostBytes: 400, rehearsed, lacks: (_, index) => lacking(index) }) ?? {};
  expect(namesOf(chosen)).toEqual(['nuvla-job', 'c', '.ds-logs-1+.ds-logs-2']);
});

test('what never fits is named; without room for what is needed there is no share', () => {
  const all = units({ 'nuvla-job': 100, a: 500, b: 100, c: 50, '.ds-logs-1': 25, '.ds-logs-2': 25 });
  const picked = chooseUnits(all, { mostBytes: 300, rehearsed: [] });
  expect(namesOf(picked?.tooLarge)).toEqual(['a']);
  expect(namesOf(picked?.chosen)).toEqual(['nuvla-job', '.ds-logs-1+.ds-logs-2', 'b', 'c']);
  expect(chooseUnits(all, { mostBytes: 99, rehearsed: [] })).toBeUndefined();
});

test('a person names what is rehearsed; what the queue needs comes along', () => {
  expect(namesOf(namedUnits(units(), ['b*']))).toEqual(['nuvla-job', 'b']);
});

test('the expected set of a share holds its indices, whole data streams and no feature states', () => {
  const of = (names: string[]) => expectedOfShare(expectedSet(), { indices: { documents: names } });
  expect(of(['nuvla-job', '.ds-logs-1'])).toMatchObject({ featureStates: [], dataStreams: [] });
  const { indices, dataStreams } = of(['.ds-logs-1', '.ds-logs-2']);
  expect(indices.map(({ name }) => name)).toEqual(['.ds-logs-1', '.ds-logs-2']);
  expect(dataStreams).toHaveLength(1);
});
