import fc from 'fast-check';
import { parseScrubKey, scrubKey } from '../../../../domain/scrub/coverage.ts';
import { changedPoints, judgeScrub, whatStands, type Damage } from '../../../../domain/scrub/damage.ts';

test('what was read stands in the key, and comes back from it', () => {
  const time = fc
    .integer({ min: 0, max: 4_000_000_000 })
    .map((at) => `${new Date(at * 1000).toISOString().slice(0, 19)}Z`);
  const coverage = fc.record({
    store: fc.stringMatching(/^[a-z][a-z0-9._-]{0,20}$/),
    at: time,
    days: fc.constantFrom(0.5, 7, 30),
    files: fc.nat(),
    recentFiles: fc.nat(),
    bytes: fc.maxSafeNat(),
    recentBytes: fc.maxSafeNat(),
    damaged: fc.nat(),
  });
  fc.assert(
    fc.property(coverage, fc.option(time, { nil: undefined }), (each, oldest) => {
      const whole = { ...each, ...(oldest !== undefined && { oldest }) };
      expect(parseScrubKey('nuvla', scrubKey('nuvla', whole))).toEqual(whole);
    }),
  );
  for (const key of [
    'nuvla/scrub/',
    'nuvla/scrub/documents~x~1~2~3~4~5~6~-',
    'other/scrub/documents',
    'nuvla/points/x',
  ])
    expect(parseScrubKey('nuvla', key)).toBeUndefined();
});

const point = (id: string, more = {}) => ({
  id,
  startedAt: `2026-11-${id}T03:00:00Z`,
  durationSeconds: 1,
  totalBytes: 1,
  incrementalBytes: 1,
  indices: 1,
  pinned: false,
  bad: false,
  deleting: false,
  ...more,
});
const damage = (key: string, points: string[]): Damage => ({
  key,
  what: 'nuvla-job[1], file _0.cfs',
  index: 'nuvla-job',
  fault: 'its checksum does not match its content',
  points,
  since: '2026-11-21T03:00:00Z',
});

test('points that refer to a damaged file become bad; those whose files are good again do not stay so', () => {
  const points = [point('21'), point('20'), point('19')];
  expect(changedPoints([damage('a', ['21', '20'])], points, new Set(['20', '19']))).toEqual({
    spoiled: ['21'],
    recovered: ['19'],
  });
});

describe('the check', () => {
  const stands = whatStands([point('21', { bad: true }), point('20')]);
  const common = { store: 'documents', stands, read: '3 files read', known: new Set<string>(), healed: [] };

  test('new damage fails, and says which index, shard and file, which points, and what still stands', () => {
    const [check] = judgeScrub({ ...common, damages: [damage('indices/x/1/__a', ['21'])], spoiled: ['21'] });
    expect(check).toMatchObject({ name: 'scrub documents', verdict: 'fail' });
    for (const word of [
      'nuvla-job[1], file _0.cfs',
      'indices/x/1/__a',
      'marked bad: 21',
      'good recovery point is left, 20',
    ])
      expect(check?.evidence).toContain(word);
  });

  test('damage that was reported before is a warning, unless it spoils another point', () => {
    const damages = [damage('a', ['21'])];
    const known = new Set(['a']);
    expect(judgeScrub({ ...common, known, damages, spoiled: [] })).toMatchObject([{ verdict: 'pass', warning: true }]);
    expect(judgeScrub({ ...common, known, damages, spoiled: ['21'] })).toMatchObject([{ verdict: 'fail' }]);
  });

  test('what was put back passes with a warning that names the version', () => {
    const healed = [
      { key: 'indices/x/1/__a', what: 'nuvla-job[1], file _0.cfs', from: 'the version of 2026-11-20T03:00:00.000Z' },
    ];
    const checks = judgeScrub({ ...common, damages: [], spoiled: [], healed });
    expect(checks).toMatchObject([{ verdict: 'pass' }, { name: 'heal documents', warning: true }]);
    expect(checks[1]?.evidence).toContain('from the version of 2026-11-20T03:00:00.000Z');
  });
});
