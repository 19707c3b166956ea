import { failed, overallVerdict, passed } from '../../../domain/checks.ts';
import { Failure, failureKinds, isFailureKind } from '../../../domain/failures.ts';
import { expecting } from '../../expecting.ts';

const good = passed('a', 'seen');
const bad = failed('b', 'Not seen', 'Repair it');
const unknown = { ...good, verdict: 'inconclusive' as const };

test.each([
  ['no check proves nothing', [], 'inconclusive'],
  ['all passed', [good, good], 'pass'],
  ['one failed', [good, bad], 'fail'],
  ['one could not be looked at', [good, unknown], 'inconclusive'],
  ['fail beats inconclusive', [unknown, bad, good], 'fail'],
])('%s', (_, checks, verdict) => {
  expect(overallVerdict(checks)).toBe(verdict);
});

test('a failed check has a remedy, a passed one needs none', () => {
  expect(bad).toEqual({ name: 'b', verdict: 'fail', evidence: 'Not seen', remedy: 'Repair it' });
  expect(good.remedy).toBe('');
});

test('a failure carries kind and remedy; other words are not kinds', () => {
  const failure = new Failure('BucketMissing', { message: 'no bucket', remedy: 'make it' });
  expect(failure).toMatchObject({ kind: 'BucketMissing', message: 'no bucket', remedy: 'make it' });
  expect(isFailureKind('BucketMissing')).toBe(true);
  expect(isFailureKind('toString')).toBe(false);
});

test('only what may recover is retried: neither bad input nor a refusal', () => {
  for (const [kind, { exitCode, retryable }] of Object.entries(failureKinds))
    if (retryable) expecting(exitCode, kind).toBe(1);
});
