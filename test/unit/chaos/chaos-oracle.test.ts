import { type Ending, type Facts, type Judged, outcomeInWords, violations } from '../../../chaos/oracle.ts';

const point = { documents: { 'nuvla-event': '800 documents, aa', 'nuvla-audit': 'closed' }, jobs: ['job/1', 'job/2'] };
const before: Facts = {
  documents: { ...point.documents, 'nuvla-event': '850 documents, bb' },
  jobs: [...point.jobs, 'job/after'],
  missingEntries: [],
  services: { 'p-api-1': 'running, always:0, core:1', 'p-es-1': 'running, on-failure:0, es:8' },
  containers: ['p-api-1', 'p-es-1', 'p-s3'],
  networks: ['bridge', 'p_backend'],
  volumes: ['p_esdata', 'p_zkdata'],
  quarantine: ['old/p_esdata'],
  workflows: [],
  schedules: { 'rekindle/p/hourly': false },
  clusterSettings: [],
  repositoryReadonly: false,
  points: ['one'],
};
const restored: Facts = { ...before, ...point, quarantine: ['old/p_esdata', 'run/p_esdata'], points: ['one', 'two'] };

const passed: Ending = { state: 'ended', phase: 'passed', verdict: 'pass' };
const failed: Ending = { state: 'ended', phase: 'failed', verdict: 'fail' };
const restore = (ending: Ending, after: Facts): Judged => ({
  ending,
  before,
  after,
  goal: point,
  newPoints: 1,
  quarantines: true,
});
const judge = (ending: Ending, after: Partial<Facts>, base: Facts = ending === passed ? restored : before) =>
  violations(restore(ending, { ...base, ...after }));

test('content: a pass that equals the recovery point, and any other end that left all as it was', () => {
  expect(violations(restore(passed, restored))).toEqual([]);
  expect(violations(restore(failed, before))).toEqual([]);
  expect(violations(restore({ state: 'none', exitCode: 1 }, before))).toEqual([]);
  expect(violations(restore({ ...passed, afterDecision: true }, restored))).toEqual([]);
  // Jobs live on.
  expect(judge(passed, { jobs: [...point.jobs, 'job/new'] })).toEqual([]);
});

test('a false pass, and a failure that changed something', () => {
  expect(violations(restore(passed, { ...before, points: ['one', 'two'] }))).toEqual([
    'not what a pass promises: nuvla-event is 850 documents, bb instead of 800 documents, aa',
  ]);
  expect(violations(restore(failed, { ...restored, quarantine: before.quarantine, points: ['one'] }))).toEqual([
    expect.stringMatching(/^not as it was before: nuvla-event is 800 .*; 1 jobs are lost: job\/after$/),
  ]);
  expect(judge(passed, { documents: { 'nuvla-event': '800 documents, aa' } })).toEqual([
    'not what a pass promises: nuvla-audit is not there instead of closed',
  ]);
});

test('a run that neither ends nor asks, and one that does not pass when it is retried', () => {
  expect(violations(restore({ state: 'runs', phase: 'running' }, before))).toEqual([
    'the run neither ended nor asked within its limits; it is running',
  ]);
  expect(judge({ ...failed, afterDecision: true, failure: 'no snapshot' }, {})).toEqual([
    'retried after all was repaired, it did not pass: no snapshot',
  ]);
});

test('a refused command line does not count as a survived fault', () => {
  const refused: Ending = { state: 'none', exitCode: 2, failure: 'unknown command' };
  expect(violations(restore(refused, before))).toEqual(['no run was started: unknown command']);
});

describe('each thing that may not be left behind, lost or changed', () => {
  const cases: [string, Partial<Facts>, RegExp][] = [
    ['a container', { containers: [...before.containers, 'rekindle-helper-1'] }, /containers: rekindle-helper-1/],
    ['a lost container', { containers: ['p-api-1', 'p-es-1'] }, /lost, containers: p-s3/],
    ['a network', { networks: [...before.networks, 'scratch'] }, /left behind, networks: scratch/],
    ['a volume', { volumes: [...before.volumes, 'abc'] }, /left behind, volumes: abc/],
    ['a lost volume', { volumes: ['p_esdata'] }, /lost, volumes: p_zkdata/],
    [
      'a quarantine of a run that failed',
      { quarantine: ['old/p_esdata', 'run/p_esdata'] },
      /left behind in quarantine/,
    ],
    ['a quarantine that is gone', { quarantine: [] }, /gone from quarantine: old\/p_esdata/],
    ['the lock', { workflows: ['exclusive/p'] }, /still run: exclusive\/p/],
    ['a paused schedule', { schedules: { 'rekindle/p/hourly': true } }, /hourly is paused/],
    ['a throttle', { clusterSettings: ['indices.recovery.max_bytes_per_sec'] }, /max_bytes_per_sec/],
    ['a read-only repository', { repositoryReadonly: true }, /read-only/],
    ['no repository', { repositoryReadonly: undefined }, /not there, or read-only/],
    ['a lost recovery point', { points: [] }, /recovery points are lost: one/],
    [
      'a stopped service',
      { services: { ...before.services, 'p-api-1': 'stopped, no:0, core:1' } },
      /p-api-1 is stopped/,
    ],
    ['a job without an entry', { missingEntries: ['job/2'] }, /without an entry in the queue: job\/2/],
  ];
  test.each(cases)('%s', (_what, change, says) => {
    const found = judge(failed, change);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(says);
  });

  test('a pass without its recovery point, or without the old one', () => {
    expect(judge(passed, { points: ['one'] })).toEqual(['it passed and made 0 of 1 recovery points']);
    expect(judge(passed, { points: ['two', 'three'] })).toEqual(['recovery points are lost: one']);
  });
});

test('outcomes in words', () => {
  expect(outcomeInWords(passed)).toBe('passed');
  expect(outcomeInWords(failed)).toBe('failed, as before');
  expect(outcomeInWords({ state: 'none' })).toBe('not started, as before');
  expect(outcomeInWords({ ...passed, afterDecision: true })).toBe('asked, retried, passed');
  expect(outcomeInWords({ state: 'runs' })).toBe('never ended');
});
