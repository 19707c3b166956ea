import { outcomeOf, short } from '../../../../domain/fleet/outcome.ts';
import { whyCanariesHold, whyHeld } from '../../../../domain/fleet/threshold.ts';
import { member, membersOf } from './members.ts';

const fleet = (failed: number, all: number) => [
  ...membersOf(failed, { state: 'failed' }),
  ...membersOf(all - failed, { state: 'waiting' }),
];

test('a number: held when so many have failed', () => {
  expect(whyHeld(fleet(2, 10), { count: 3 })).toBeUndefined();
  expect(whyHeld(fleet(3, 10), { count: 3 })).toBe('3 of 10 platforms failed; stopWhenFailed is 3');
});

test('a share: of the whole fleet, whatever has been started', () => {
  expect(whyHeld(fleet(4, 100), { percent: 5 })).toBeUndefined();
  expect(whyHeld(fleet(5, 100), { percent: 5 })).toMatch(/5 of 100 platforms failed; stopWhenFailed is 5%/);
  // Without a failure nothing is held, however small the fleet is.
  expect(whyHeld(fleet(0, 3), { percent: 0.1 })).toBeUndefined();
});

test('an inconclusive verdict counts as a failure, a skipped platform does not', () => {
  expect(whyHeld([member('a', { state: 'inconclusive' })], { count: 1 })).toBeDefined();
  expect(whyHeld([member('a', { state: 'skipped' })], { count: 1 })).toBeUndefined();
});

test('failures that a person has accepted count no more', () => {
  expect(whyHeld(fleet(3, 10), { count: 3 }, { accepted: 3 })).toBeUndefined();
  expect(whyHeld(fleet(6, 10), { count: 3 }, { accepted: 3 })).toMatch(/3 of 10 platforms failed since it was resumed/);
});

test('canaries: every one must have passed', () => {
  expect(whyCanariesHold([member('a', { state: 'passed' })])).toBeUndefined();
  expect(whyCanariesHold([])).toBeUndefined();
  expect(whyCanariesHold([member('a', { state: 'passed' }), member('b', { state: 'skipped' })])).toBe(
    'not every canary passed: b skipped',
  );
});

describe('how a restore ended', () => {
  test.each([
    [{ phase: 'passed', verdict: 'pass' }, 'passed'],
    [{ failure: { kind: 'VerificationFailed', message: 'The verdict is fail' } }, 'failed'],
    [{ failure: { kind: 'VerificationFailed', message: 'x', verdict: 'inconclusive' } }, 'inconclusive'],
    [{ failure: { kind: 'PreflightRefused', message: 'x' } }, 'failed'],
    [{ failure: { kind: 'RolledBack', message: 'x' } }, 'failed'],
    [{ failure: { kind: 'Cancelled', message: 'x' } }, 'failed'],
    [{ failure: { kind: 'PlatformBusy', message: 'x' } }, 'skipped'],
    [{ failure: { kind: 'Rejected', message: 'x' } }, 'skipped'],
    [{ failure: { kind: 'ApprovalTimedOut', message: 'x' } }, 'skipped'],
  ] as const)('%j is %s', (end, state) => expect(outcomeOf(end).state).toBe(state));

  test('the reason is one line of bounded length', () => {
    expect(short('one\n  two')).toBe('one; two');
    expect(short('x'.repeat(1000))).toHaveLength(300);
  });
});
