import {
  idsForAdoption,
  indicesOf,
  streamsByName,
  takenByOf,
  whyNotAdopted,
  type ForeignSnapshot,
} from '../../../domain/recovery-points/adoption.ts';

const foreign = (change: Partial<ForeignSnapshot> = {}): ForeignSnapshot => ({
  name: 'nightly-2026.11.20-x7',
  state: 'SUCCESS',
  indices: ['nuvla-user', 'nuvla-job', 'other'],
  dataStreams: [],
  featureStates: [],
  startTime: '2026-11-20T01:30:05.123Z',
  metadata: {},
  ...change,
});

test.each([
  ['nightly-2026.11.20-x7', ['nightly-2026.11.20-x7', '2026-11-20t0130z', '2026-11-20t013005z']],
  ['snapshot.2026-11-20t0130z', ['2026-11-20t0130z', '2026-11-20t0130z', '2026-11-20t013005z']],
  ['with+plus', ['2026-11-20t0130z', '2026-11-20t013005z']],
  ['latest', ['2026-11-20t0130z', '2026-11-20t013005z']],
  ['before', ['2026-11-20t0130z', '2026-11-20t013005z']],
  ['x'.repeat(120), ['2026-11-20t0130z', '2026-11-20t013005z']],
])('ids for %s', (name, ids) => {
  expect(idsForAdoption(foreign({ name }))).toEqual(ids);
});

test.each<[string[], string[]]>([
  [['nuvla-*'], ['nuvla-job', 'nuvla-user']],
  [['nuvla-*', '-nuvla-u*'], ['nuvla-job']],
  [['other'], ['other']],
  [['*'], ['.hidden', 'nuvla-job', 'nuvla-user', 'other']],
  [['.security-7'], ['.security-7']],
  [['n*r'], ['nuvla-user']],
  [['nuvla.job'], []],
])('indices by %j', (patterns, names) => {
  const snapshot = foreign({ indices: ['nuvla-user', 'nuvla-job', 'other', '.security-7', '.hidden'] });
  expect(indicesOf(snapshot, patterns)).toEqual(names);
});

test('what backs a data stream goes with the stream', () => {
  const indices = ['.ds-logs-app-2026.11.20-000001', '.ds-metrics-2026.11.20-000001'];
  expect(indicesOf(foreign({ indices, dataStreams: ['logs-app', 'metrics'] }), ['logs-*'])).toEqual([indices[0]]);
});

test('complete snapshots that hold data of the platform are adopted; for the others the reason is given', () => {
  expect(whyNotAdopted(foreign(), ['nuvla-*'])).toBeUndefined();
  expect(whyNotAdopted(foreign({ state: 'PARTIAL' }), ['nuvla-*'])).toContain('PARTIAL');
  expect(whyNotAdopted(foreign({ state: 'FAILED' }), ['nuvla-*'])).toContain('FAILED');
  expect(whyNotAdopted(foreign({ state: 'IN_PROGRESS' }), ['nuvla-*'])).toContain('being taken');
  expect(whyNotAdopted(foreign(), ['absent-*'])).toBe('none of its 3 indices matches absent-*');
});

test('who took it', () => {
  expect(takenByOf({})).toBe('others');
  expect(takenByOf({ policy: 'nightly' })).toBe('SLM policy nightly');
  expect(takenByOf({ takenBy: 'rekindle', run: 'backup/nuvla/1' })).toBe('Rekindle (backup/nuvla/1)');
  expect(takenByOf({ policy: `a\u001b[31m${'b'.repeat(500)}` })).toMatch(/^SLM policy a \[31mb{100,}$/);
  expect(takenByOf({ policy: 7 })).toBe('others');
});

test('indices of feature states come with these, not by their names', () => {
  const featureStates = [{ name: 'odd', indices: ['.odd-1'] }];
  const snapshot = foreign({ indices: ['.odd-1', 'nuvla-user'], featureStates });
  expect(indicesOf(snapshot, ['*'])).toEqual(['nuvla-user']);
});

test('data streams whose names begin alike keep their own indices', () => {
  const indices = ['.ds-logs-2026.11.20-000001', '.ds-logs-app-2026.11.20-000001', '.ds-logs-2026.11.21-000002'];
  expect(streamsByName(['logs', 'logs-app', 'none'], indices)).toEqual([
    { name: 'logs', indices: ['.ds-logs-2026.11.20-000001', '.ds-logs-2026.11.21-000002'] },
    { name: 'logs-app', indices: ['.ds-logs-app-2026.11.20-000001'] },
  ]);
});
