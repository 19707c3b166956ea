import fc from 'fast-check';
import { forecastPlan } from '../../../domain/forecast/forecast-plan.ts';
import { measuredRun } from '../../../domain/forecast/measured.ts';
import { forecastWithoutPlan } from '../../../domain/forecast/without-plan.ts';
import { recoveryOf } from '../../../domain/runs/downtime.ts';
import { forecastError, outcomeOf } from '../../../domain/runs/outcome.ts';
import { planOf, reportOf, usual, type Times } from './runs.ts';

const learn = (kind: 'restore' | 'drill', times?: Times, bytes = 1000) =>
  measuredRun(reportOf(kind, times, { 'restore-es': bytes }))!;
const bytes = { 'restore-es': 1000 };
const took = (kind: 'restore' | 'drill', times?: Times) => recoveryOf(reportOf(kind, times), 0)!.seconds;

test('after a restore that is alike, the forecast is what it took, and its parts add up', () => {
  const forecast = forecastPlan({ plan: planOf('restore'), runs: [learn('restore')], bytes });
  expect(forecast.downtimeSeconds).toBe(took('restore'));
  expect(forecast.basis).toBe('from 1 restore');
  expect(forecast.parts!.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(forecast.downtimeSeconds);
  expect(forecast.parts!.map(({ part, seconds }) => [part, seconds])).toEqual([
    ['stopping services', 9],
    ['setting data aside', 1],
    ['starting services', 17],
    ['waiting for the stores', 14],
    ['restoring indices', 20],
    // In parallel with verifying, which is shorter.
    ['rebuilding queues', 6],
  ]);
});

test('a drill says what it shares with a restore; the rest is a guess, and the basis says so', () => {
  const forecast = forecastPlan({ plan: planOf('restore'), runs: [learn('drill'), learn('drill')], bytes });
  expect(forecast.basis).toBe('from 2 drills; at least in part a guess: stopping services, setting data aside');
  // 15 s for each of two stops, 5 s for the volume; the drill measured the other 57 s.
  expect(forecast.downtimeSeconds).toBe(35 + 57);
  expect(forecast.parts?.find(({ part }) => part === 'restoring indices')).toEqual({
    part: 'restoring indices',
    seconds: 20,
    from: ['drills'],
    runs: { drills: 2 },
  });
});

test('with one restore, drills add nothing but what it did not have', () => {
  const slow = Object.fromEntries(Object.entries(usual).map(([id, seconds]) => [id, 3 * seconds]));
  const runs = [learn('drill', slow), learn('restore')];
  expect(forecastPlan({ plan: planOf('restore'), runs, bytes })).toMatchObject({
    downtimeSeconds: took('restore'),
    basis: 'from 1 restore',
  });
});

test('the throttle is a limit, and more bytes take longer', () => {
  const asked = { plan: planOf('restore'), runs: [learn('restore')] };
  const before = forecastPlan({ ...asked, bytes }).downtimeSeconds;
  expect(forecastPlan({ ...asked, bytes: { 'restore-es': 2000 } }).downtimeSeconds).toBe(before + 20);
  expect(forecastPlan({ ...asked, bytes, throttleBytesPerSecond: 25 }).downtimeSeconds).toBe(before + 20);
});

test('without any run it is a guess; without a plan, as long as before', () => {
  expect(forecastPlan({ plan: planOf('restore'), runs: [], bytes }).basis).toMatch(/^a guess/);
  expect(forecastWithoutPlan([], 0)).toMatchObject({
    downtimeSeconds: 90,
    basis: expect.stringMatching(/^a guess/) as string,
  });
  const report = reportOf('restore', usual, bytes);
  expect(forecastWithoutPlan([outcomeOf(report)!], 0)).toEqual({
    downtimeSeconds: 67,
    basis: 'as 1 restore took before',
  });
});

/** Each step takes up to this share more or less than usual. */
const alike = 0.08;
const night = fc.record(
  Object.fromEntries(
    Object.entries(usual).map(([id, seconds]) => [
      id,
      fc.integer({ min: -100, max: 100 }).map((percent) => seconds * (1 + (alike * percent) / 100)),
    ]),
  ),
);

test.each(['restore', 'drill'] as const)('after three runs over alike data, a %s is foretold to 20 %%', (kind) => {
  fc.assert(
    fc.property(fc.array(night, { minLength: 4, maxLength: 4 }), ([now, ...before]) => {
      const runs = before.map((times) => learn(kind, times));
      const forecastSeconds = forecastPlan({ plan: planOf(kind), runs, bytes }).downtimeSeconds;
      expect(forecastError({ forecastSeconds, tookSeconds: took(kind, now) })).toBeLessThan(20);
    }),
    { numRuns: 50 },
  );
});

test('a year of nightly drills whose steps vary by 25 %, each foretold from the three before it', () => {
  // The same numbers in every run of the test.
  let seed = 1;
  const chance = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const vary = ([id, seconds]: [string, number]) => [id, seconds * (0.75 + chance() / 2)] as const;
  const nights = Array.from({ length: 365 }, () => Object.fromEntries(Object.entries(usual).map(vary)));
  const errors = nights.slice(3).map((times, index) => {
    const runs = nights.slice(index, index + 3).map((before) => learn('drill', before));
    const forecastSeconds = forecastPlan({ plan: planOf('drill'), runs, bytes }).downtimeSeconds;
    return forecastError({ forecastSeconds, tookSeconds: took('drill', times) });
  });
  const sorted = errors.toSorted((one, other) => one - other);
  expect(sorted[Math.floor(0.5 * sorted.length)]).toBeLessThan(10);
  expect(sorted[Math.floor(0.95 * sorted.length)]).toBeLessThan(20);
});
