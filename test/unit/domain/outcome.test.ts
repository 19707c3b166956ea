import fc from 'fast-check';
import { failureKinds, type FailureKind } from '../../../domain/failures.ts';
import {
  outcomeKey,
  outcomeOf,
  outcomesPrefix,
  outcomesSince,
  parseOutcomeKey,
  type RunOutcome,
} from '../../../domain/runs/outcome.ts';
import { finalPhases, startProgress } from '../../../domain/runs/progress.ts';

const time = fc
  .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const outcome: fc.Arbitrary<RunOutcome> = fc.record(
  {
    run: fc.string({ unit: 'grapheme', minLength: 1 }),
    kind: fc.constantFrom('restore', 'backup', 'rebuild', 'rollback', 'quarantine', 'prune'),
    phase: fc.constantFrom(...finalPhases),
    finishedAt: time,
    durationSeconds: fc.nat({ max: 999_999_999 }),
    waitedSeconds: fc.nat({ max: 999_999_999 }),
    recovery: fc.record({
      forecastSeconds: fc.nat({ max: 999_999_999 }),
      tookSeconds: fc.nat({ max: 999_999_999 }),
    }),
    failure: fc.constantFrom(...(Object.keys(failureKinds) as FailureKind[])),
    recoveryPoint: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,30}$/),
  },
  { requiredKeys: ['run', 'kind', 'phase', 'finishedAt', 'durationSeconds'] },
);

test('an outcome is contained in its key', () => {
  fc.assert(
    fc.property(outcome, (given) => {
      expect(parseOutcomeKey('demo', outcomeKey('demo', given))).toEqual(given);
    }),
  );
});

test('keys sort by the time of the end, and those since a time come behind its key', () => {
  fc.assert(
    fc.property(outcome, time, (given, since) => {
      const later = given.finishedAt >= since;
      expect(outcomeKey('demo', given) > outcomesSince('demo', since)).toBe(later);
    }),
  );
});

test('foreign keys are not outcomes', () => {
  for (const name of ['', 'readme.txt', '20261121T093000Z~backup~passed', '20261121T093000Z~tea~passed~-~1~-~x'])
    expect(parseOutcomeKey('demo', outcomesPrefix('demo') + name)).toBeUndefined();
});

test('a running run has none; an unknown kind of failure still counts as a failure', () => {
  const progress = startProgress('backup/demo/1', 'backup', 'demo', '2026-11-21T09:30:00.000Z');
  expect(outcomeOf(progress)).toBeUndefined();
  progress.phase = 'failed';
  progress.finishedAt = '2026-11-21T09:30:12.400Z';
  progress.failure = { kind: 'OfTomorrow', message: '', remedy: '' };
  expect(outcomeOf(progress)).toEqual({
    run: 'backup/demo/1',
    kind: 'backup',
    phase: 'failed',
    finishedAt: '2026-11-21T09:30:12.400Z',
    durationSeconds: 12,
    failure: 'RunFailed',
  });
});

test('a run that failed by its checks alone failed by its verification', () => {
  const progress = startProgress('backup/demo/1', 'backup', 'demo', '2026-11-21T09:30:00.000Z');
  Object.assign(progress, { phase: 'failed', verdict: 'fail', finishedAt: '2026-11-21T09:30:12.400Z' });
  expect(outcomeOf(progress)?.failure).toBe('VerificationFailed');
  progress.phase = 'cancelled';
  expect(outcomeOf(progress)?.failure).toBeUndefined();
});

test('the time that people took is a part of it, that for the lock is not', () => {
  const progress = startProgress('restore/demo/1', 'restore', 'demo', '2026-11-21T09:00:00.000Z');
  const ended = { ...progress, phase: 'passed' as const, finishedAt: '2026-11-21T09:30:00.000Z' };
  expect(outcomeOf(ended)).not.toHaveProperty('waitedSeconds');
  const at = (minute: number) => `2026-11-21T09:0${minute}:00.000Z`;
  const waits = [
    { for: 'lock' as const, startedAt: at(0), finishedAt: at(1) },
    { for: 'approval' as const, startedAt: at(1), finishedAt: at(4) },
    { for: 'decision' as const, startedAt: at(6), finishedAt: at(7) },
  ];
  expect(outcomeOf({ ...ended, waits })).toMatchObject({ durationSeconds: 1800, waitedSeconds: 240 });
});
