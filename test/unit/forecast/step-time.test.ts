import { measuredRun } from '../../../domain/forecast/measured.ts';
import { stepTime, type StepTime } from '../../../domain/forecast/step-time.ts';
import type { MeasuredRun } from '../../../domain/forecast/measured.ts';
import { reportOf, run } from './runs.ts';

interface Case {
  runs: MeasuredRun[];
  bytes?: number;
  prefer?: MeasuredRun['kind'];
  expected: StepTime;
}

// What a step's time is known from.
test.each<[string, Case]>([
  ['one restore', { runs: [run('restore', 'restore-es', 20)], expected: { seconds: 20, from: 'restores', runs: 1 } }],
  [
    'a drill, where no restore was',
    { runs: [run('drill', 'restore-es', 30)], expected: { seconds: 30, from: 'drills', runs: 1 } },
  ],
  [
    'for a restore, restores before drills',
    {
      runs: [run('drill', 'restore-es', 30), run('restore', 'restore-es', 20)],
      expected: { seconds: 20, from: 'restores', runs: 1 },
    },
  ],
  [
    'for a drill, drills before restores',
    {
      runs: [run('restore', 'restore-es', 20), run('drill', 'restore-es', 30)],
      prefer: 'drill',
      expected: { seconds: 30, from: 'drills', runs: 1 },
    },
  ],
  [
    'the median of the newest three',
    {
      runs: [20, 400, 22, 9].map((seconds) => run('restore', 'restore-es', seconds)),
      expected: { seconds: 22, from: 'restores', runs: 3 },
    },
  ],
  [
    'twice the bytes, twice the time',
    { runs: [run('restore', 'restore-es', 20, 100)], bytes: 200, expected: { seconds: 40, from: 'restores', runs: 1 } },
  ],
  [
    'two sizes tell what is fixed: 10 s, and 0.1 s for a byte',
    {
      runs: [run('restore', 'restore-es', 20, 100), run('restore', 'restore-es', 40, 300)],
      bytes: 1000,
      expected: { seconds: 110, from: 'restores', runs: 2 },
    },
  ],
  [
    'more bytes in less time say nothing: the pace counts',
    {
      runs: [run('restore', 'restore-es', 40, 100), run('restore', 'restore-es', 30, 200)],
      bytes: 200,
      expected: { seconds: 55, from: 'restores', runs: 2 },
    },
  ],
  [
    'bytes that nobody wrote down: as long as before',
    { runs: [run('restore', 'restore-es', 20)], bytes: 1e9, expected: { seconds: 20, from: 'restores', runs: 1 } },
  ],
  ['nothing: a guess', { runs: [], bytes: 40e6, expected: { seconds: 6, from: 'guess', runs: 0 } }],
])('known from %s', (_name, { runs, bytes, prefer = 'restore', expected }) => {
  const found = stepTime({ id: 'restore-es', action: 'restoreIndices', bytes }, runs, prefer);
  expect({ ...found, seconds: Math.round(found.seconds * 1000) / 1000 }).toEqual(expected);
});

test('a step that no run had is as long as others of its kind', () => {
  const runs = [{ kind: 'restore' as const, steps: { 'start-a': time(4), 'start-b': time(8) } }];
  expect(stepTime({ id: 'start-new', action: 'startService' }, runs, 'restore')).toMatchObject({ seconds: 6, runs: 1 });
  expect(stepTime({ id: 'start-a', action: 'startService' }, runs, 'restore')).toMatchObject({ seconds: 4 });
});

test('a service of another project has another name in a scene, and is the same step', () => {
  const runs = [{ kind: 'drill' as const, steps: { 'start-db-es': time(7) } }];
  expect(stepTime({ id: 'start-db/es', action: 'startService' }, runs, 'restore')).toMatchObject({ seconds: 7 });
});

test('only what passed is learnt from, and of a retried step the last attempt', () => {
  expect(measuredRun({ ...reportOf('restore'), phase: 'failed' })).toBeUndefined();
  expect(measuredRun({ ...reportOf('restore'), kind: 'rebuild' })).toBeUndefined();
  const report = reportOf('restore');
  const step = report.steps.find(({ id }) => id === 'restore-es')!;
  step.firstStartedAt = '2026-11-21T04:00:00.000Z';
  expect(measuredRun(report, 500)?.steps['restore-es']).toEqual({ action: 'restoreIndices', seconds: 20, bytes: 500 });
  expect(measuredRun(reportOf('drill', undefined, { 'restore-es': 7 }), 500)?.steps['restore-es']?.bytes).toBe(7);
});

const time = (seconds: number) => ({ action: 'startService', seconds });
