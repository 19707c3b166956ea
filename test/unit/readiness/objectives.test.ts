import { checkObjectives } from '../../../domain/readiness/objectives.ts';
import { digestPoints } from '../../../domain/recovery-points/points-digest.ts';
import type { RecoveryPointSummary } from '../../../domain/recovery-points/recovery-point.ts';
import type { RunOutcome } from '../../../domain/runs/outcome.ts';
import { checkProven } from '../../../operations/preflight/proven.ts';
import { demoManifest, demoPlatform } from '../../demo-situation.ts';

const now = Date.parse('2026-11-21T12:00:00.000Z');
const ago = (hours: number) => new Date(now - hours * 3_600_000).toISOString();
const point = (id: string, hours: number, change: Partial<RecoveryPointSummary> = {}): RecoveryPointSummary => ({
  id,
  startedAt: ago(hours),
  durationSeconds: 5,
  totalBytes: 1000,
  incrementalBytes: 10,
  indices: 1,
  pinned: false,
  bad: false,
  deleting: false,
  ...change,
});
const proven = (id: string, hours: number, provenHours: number) =>
  point(id, hours, { provenAt: ago(provenHours), provenBy: `drill/demo/${id}` });

const forecast = { downtimeSeconds: 300, basis: 'from 3 drills' };
const verdicts = (objectives: Parameters<typeof checkObjectives>[0], points: RecoveryPointSummary[]) =>
  checkObjectives(objectives, { platform: 'demo', points: digestPoints(points), forecast, now });

test('objectives that nobody set are not checked', () => {
  expect(verdicts({}, [])).toEqual([]);
});

test.each([
  ['RPO met', { recoveryPointMinutes: 120 }, [point('a', 1)], 'pass', /a, is 1 h 0 min old; the objective is 2 h/],
  ['RPO missed', { recoveryPointMinutes: 30 }, [point('a', 1)], 'fail', /1 h 0 min old; the objective is 30 min/],
  [
    'RPO: a suspect point does not count',
    { recoveryPointMinutes: 120 },
    [point('a', 1, { suspect: true })],
    'fail',
    /no good/,
  ],
  ['RTO met', { recoveryTimeMinutes: 5 }, [], 'pass', /about 5 min 0 s \(from 3 drills\)/],
  ['RTO missed', { recoveryTimeMinutes: 4 }, [], 'fail', /objective is 4 min/],
  [
    'proven lately',
    { provenWithinDays: 7 },
    [point('b', 1), proven('a', 50, 48)],
    'pass',
    /a was proven by drill\/demo\/a at .*, 2\.0 d ago/,
  ],
  ['proven too long ago', { provenWithinDays: 1 }, [proven('a', 50, 48)], 'fail', /2\.0 d ago; the objective is 1 d/],
  ['never proven', { provenWithinDays: 1 }, [point('a', 1)], 'fail', /ever proven/],
  [
    'the proof of a bad point does not count',
    { provenWithinDays: 7 },
    [{ ...proven('a', 50, 1), bad: true }],
    'fail',
    /ever proven/,
  ],
  [
    'an older point that was proven last',
    { provenWithinDays: 1 },
    [proven('b', 10, 30), proven('a', 50, 2)],
    'pass',
    /^a was proven/,
  ],
] as const)('%s', (_name, objectives, points, verdict, evidence) => {
  const [check] = verdicts(objectives, [...points]);
  expect(check).toMatchObject({ verdict, evidence: expect.stringMatching(evidence) as string });
});

const drillOf = (hours: number): RunOutcome => ({
  run: 'drill/demo/1',
  kind: 'drill',
  phase: 'passed',
  finishedAt: ago(hours),
  durationSeconds: 40,
  recoveryPoint: 'a',
});
test.each([
  ['lately', drillOf(48), 7, 'pass', /drill\/demo\/1 of a, ended at .*, 2\.0 d ago; the objective is 7 d/],
  ['too long ago', drillOf(48), 1, 'fail', /2\.0 d ago; the objective is 1 d/],
  ['never', undefined, 7, 'fail', /No drill has ever passed/],
] as const)('a drill passed %s, whatever is proven', (_when, lastDrill, drilledWithinDays, verdict, evidence) => {
  const seen = { platform: 'demo', points: digestPoints([proven('a', 50, 1)]), forecast, lastDrill, now };
  expect(checkObjectives({ drilledWithinDays }, seen)).toMatchObject([
    { name: 'objective drilled', verdict, evidence: expect.stringMatching(evidence) as string },
  ]);
});

test('how long a restore takes is not known without a plan', () => {
  const seen = { platform: 'demo', points: digestPoints([]), forecast: undefined, now };
  expect(checkObjectives({ recoveryTimeMinutes: 5 }, seen)).toMatchObject([{ verdict: 'inconclusive' }]);
});

describe('what preflight says of proofs', () => {
  const demo = demoPlatform();
  const says = (
    wants: { required?: number; objective?: number },
    { points, named = false }: { points: RecoveryPointSummary[]; named?: boolean },
  ) => {
    const platform = {
      ...demo,
      restore: { ...demo.restore, ...(wants.required !== undefined && { requireProvenWithinDays: wants.required }) },
      objectives: wants.objective === undefined ? {} : { provenWithinDays: wants.objective },
    };
    return checkProven({ platform, manifest: demoManifest() }, { points: digestPoints(points), named }, now);
  };
  const old = [point('b', 1), proven('a', 90, 72)];

  test('nothing where the file demands nothing', () => {
    expect(says({}, { points: old })).toBeUndefined();
  });
  test('the policy refuses what nobody named, and says which point is proven', () => {
    expect(says({ required: 2 }, { points: old })).toMatchObject({
      verdict: 'fail',
      remedy: expect.stringMatching(/newest proven point, a \("--point proven"\)/) as string,
    });
    expect(says({ required: 2 }, { points: [] })?.verdict).toBe('fail');
  });
  test('who names a point, or asks for a proven one, is only warned', () => {
    expect(says({ required: 2 }, { points: old, named: true })).toMatchObject({ verdict: 'pass', warning: true });
  });
  test('the objective alone warns', () => {
    expect(says({ objective: 2 }, { points: old })).toMatchObject({ verdict: 'pass', warning: true });
  });
  test('a proof that is young enough passes both', () => {
    for (const wants of [{ required: 4 }, { objective: 4 }])
      expect(says(wants, { points: old })).toMatchObject({ verdict: 'pass', remedy: '' });
  });
});
