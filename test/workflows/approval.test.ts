import type { WorkflowHandle } from '@temporalio/client';
import { expect } from 'vitest';
import type { RunProgress } from '../../domain/progress.ts';
import { approve, decide, reject } from '../../workflows/messages.ts';
import { failureOf, inPhase, isLocked, progressOf, test } from './scene.ts';

const required = { approval: 'required' } as const;
const approveAs = (handle: WorkflowHandle, planHash: string, by: string) =>
  handle.executeUpdate(approve, { args: [{ planHash, by }] });

/** Why an Update was refused. */
const refusalOf = (update: Promise<unknown>) =>
  update.then(
    () => 'accepted',
    (error: unknown) => (error as { cause?: Error }).cause?.message ?? String(error),
  );

test('the run waits, untouched, until the plan is approved by its hash', async ({ openScene }) => {
  const { start, journal, restorePlan } = await openScene({ policy: required });
  const handle = await start('restore');
  const waiting = await inPhase(handle, 'waiting for approval');
  expect(waiting.planHash).toBe(restorePlan.hash);
  expect(waiting.note).toContain('nothing was touched');
  expect(journal.began).toEqual([]);

  expect(await approveAs(handle, restorePlan.hash, 'ann')).toContain('approved by ann');
  const report = (await handle.result()) as RunProgress;
  expect(report).toMatchObject({ verdict: 'pass', approval: { by: 'ann', how: 'update' } });
});

test('a stale hash, an empty name and a hash before there is a plan are refused without a trace', async ({
  openScene,
}) => {
  const { start, journal, restorePlan } = await openScene({ policy: required });
  const handle = await start('restore');
  await inPhase(handle, 'waiting for approval');
  const stale = await refusalOf(approveAs(handle, 'f'.repeat(64), 'ann'));
  expect(stale).toContain(restorePlan.hash);
  expect(await refusalOf(approveAs(handle, restorePlan.hash, ''))).toContain('who approves?');
  const undecided = handle.executeUpdate(decide, { args: [{ step: 'stop-api', choice: 'abort', by: 'ann' }] });
  expect(await refusalOf(undecided)).toContain('does not wait for a decision');
  expect((await progressOf(handle)).approval).toBeUndefined();
  expect(journal.began).toEqual([]);
  const { events } = await handle.fetchHistory();
  expect(events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toEqual([]);
});

test('who is not among the approvers is refused; who is may approve', async ({ openScene }) => {
  const { start, restorePlan } = await openScene({ policy: { ...required, approvers: ['ann', 'bob'] } });
  const handle = await start('restore');
  await inPhase(handle, 'waiting for approval');
  expect(await refusalOf(approveAs(handle, restorePlan.hash, 'eve'))).toContain('ann, bob');
  await approveAs(handle, restorePlan.hash, 'bob');
  expect(await handle.result()).toMatchObject({ approval: { by: 'bob' } });
});

test('approving again is safe: the first approval stands', async ({ openScene }) => {
  const { start, restorePlan } = await openScene({ policy: required });
  const handle = await start('restore');
  await inPhase(handle, 'waiting for approval');
  const answers = await Promise.all([
    approveAs(handle, restorePlan.hash, 'ann'),
    approveAs(handle, restorePlan.hash, 'ann'),
  ]);
  expect(answers[0]).toBe(answers[1]);
  expect(await approveAs(handle, restorePlan.hash, 'bob')).toContain('approved by ann');
  expect(await handle.result()).toMatchObject({ verdict: 'pass', approval: { by: 'ann' } });
});

test('a rejection ends the run, says who and why, and frees the platform', async ({ openScene }) => {
  const scene = await openScene({ policy: required });
  const handle = await scene.start('restore');
  await inPhase(handle, 'waiting for approval');
  await handle.executeUpdate(reject, { args: [{ by: 'ann', reason: 'wrong platform' }] });
  const failure = await failureOf(handle);
  expect(failure.type).toBe('Rejected');
  expect(failure.message).toContain('ann: wrong platform');
  expect((await progressOf(handle)).phase).toBe('refused');
  expect(scene.journal.began).toEqual([]);
  expect(await isLocked(scene)).toBe(false);
});

test('nobody approves in time: the run ends, untouched', async ({ openScene }) => {
  const scene = await openScene({ policy: { ...required, approvalTimeoutSeconds: 1 } });
  const handle = await scene.start('restore');
  expect((await failureOf(handle)).type).toBe('ApprovalTimedOut');
  expect((await progressOf(handle)).phase).toBe('refused');
  expect(scene.journal.began).toEqual([]);
  expect(await isLocked(scene)).toBe(false);
});

test('the caller may approve when starting; it is recorded as such', async ({ openScene }) => {
  const { start } = await openScene({ policy: required });
  const handle = await start('restore', { approvedBy: 'ann' });
  expect(await handle.result()).toMatchObject({ verdict: 'pass', approval: { by: 'ann', how: 'caller' } });
});

test('a caller who is not among the approvers is refused, untouched', async ({ openScene }) => {
  const { start, journal } = await openScene({ policy: { ...required, approvers: ['ann'] } });
  const handle = await start('restore', { approvedBy: 'eve' });
  expect(await failureOf(handle)).toMatchObject({ type: 'InvalidArgument' });
  expect((await progressOf(handle)).approval).toBeUndefined();
  expect(journal.began).toEqual([]);
});

test('where the platform file asks for none, the report says so', async ({ openScene }) => {
  const { start } = await openScene({ policy: { approval: 'none' } });
  expect(await (await start('restore')).result()).toMatchObject({ approval: { how: 'not required' } });
});
