import type { WorkflowHandle } from '@temporalio/client';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { approve, decide, reject } from '../../workflows/messages.ts';
import { refusal } from './fake-platform.ts';
import { failureOf, inPhase, isLocked, progressOf, test, timersOf, until } from './scene.ts';

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
  expect(report).toMatchObject({ verdict: 'pass', approvals: [{ by: 'ann', how: 'update' }] });
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
  expect((await progressOf(handle)).approvals).toEqual([]);
  expect(journal.began).toEqual([]);
  const { events } = await handle.fetchHistory();
  expect(events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toEqual([]);
});

test('only approvers may approve; others are refused', async ({ openScene }) => {
  const { start, restorePlan } = await openScene({ policy: { ...required, approvers: ['ann', 'bob'] } });
  const handle = await start('restore');
  await inPhase(handle, 'waiting for approval');
  expect(await refusalOf(approveAs(handle, restorePlan.hash, 'eve'))).toContain('ann, bob');
  await approveAs(handle, restorePlan.hash, 'bob');
  expect(await handle.result()).toMatchObject({ approvals: [{ by: 'bob' }] });
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
  expect(await handle.result()).toMatchObject({ verdict: 'pass', approvals: [{ by: 'ann' }] });
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
  expect(await timersOf(scene, handle)).toEqual(['time limit of the approval']);
  expect((await progressOf(handle)).phase).toBe('refused');
  expect(scene.journal.began).toEqual([]);
  expect(await isLocked(scene)).toBe(false);
});

test('the caller may approve when starting; it is recorded as such', async ({ openScene }) => {
  const { start } = await openScene({ policy: required });
  const handle = await start('restore', { approvedBy: 'ann' });
  expect(await handle.result()).toMatchObject({ verdict: 'pass', approvals: [{ by: 'ann', how: 'caller' }] });
});

test('a caller who is not among the approvers is refused, untouched', async ({ openScene }) => {
  const { start, journal } = await openScene({ policy: { ...required, approvers: ['ann'] } });
  const handle = await start('restore', { approvedBy: 'eve' });
  expect(await failureOf(handle)).toMatchObject({ type: 'InvalidArgument' });
  expect((await progressOf(handle)).approvals).toEqual([]);
  expect(journal.began).toEqual([]);
});

test('where the platform file asks for none, the report says so', async ({ openScene }) => {
  const { start } = await openScene({ policy: { approval: 'none' } });
  expect(await (await start('restore')).result()).toMatchObject({ approvals: [{ how: 'not required' }] });
});

const two = { ...required, approvers: ['ann', 'bob', 'cyd'], approvalsNeeded: 2 };

test('where two are needed, one person twice is refused; the second person sets it going', async ({ openScene }) => {
  const { start, journal, restorePlan } = await openScene({ policy: two });
  const handle = await start('restore');
  await inPhase(handle, 'waiting for approval');
  expect(await approveAs(handle, restorePlan.hash, 'ann')).toContain('one approval');
  expect(await refusalOf(approveAs(handle, restorePlan.hash, 'ann'))).toContain('from others');
  expect(await refusalOf(approveAs(handle, restorePlan.hash, 'eve'))).toContain('ann, bob, cyd');
  expect(await progressOf(handle)).toMatchObject({ phase: 'waiting for approval', approvals: [{ by: 'ann' }] });
  expect(journal.began).toEqual([]);
  await approveAs(handle, restorePlan.hash, 'bob');
  expect(await handle.result()).toMatchObject({ verdict: 'pass', approvals: [{ by: 'ann' }, { by: 'bob' }] });
});

test('one person under two spellings is one person, and nobody is none', async ({ openScene }) => {
  const { start, restorePlan } = await openScene({ policy: { ...required, approvalsNeeded: 2 } });
  const handle = await start('restore');
  await inPhase(handle, 'waiting for approval');
  await approveAs(handle, restorePlan.hash, 'ann');
  for (const by of ['Ann', ' ann ', 'ａｎｎ'])
    expect(await refusalOf(approveAs(handle, restorePlan.hash, by))).toContain('must come from others');
  expect(await refusalOf(approveAs(handle, restorePlan.hash, '  '))).toContain('who approves?');
  expect(await refusalOf(handle.executeUpdate(reject, { args: [{ by: '' }] }))).toContain('who rejects?');
  await approveAs(handle, restorePlan.hash, 'bob');
  expect(await handle.result()).toMatchObject({ approvals: [{ by: 'ann' }, { by: 'bob' }] });
});

test('the caller is one of the two, not both', async ({ openScene }) => {
  const { start, restorePlan } = await openScene({ policy: two });
  const handle = await start('restore', { approvedBy: 'ann' });
  await inPhase(handle, 'waiting for approval');
  expect(await refusalOf(approveAs(handle, restorePlan.hash, 'ann'))).toContain('from others');
  await approveAs(handle, restorePlan.hash, 'cyd');
  expect(await handle.result()).toMatchObject({ approvals: [{ how: 'caller' }, { by: 'cyd', how: 'update' }] });
});

describe('the platform changed between plan and approval', () => {
  const staleOnce = (what: string, attempt: number) => {
    if (what === 'repeatPreflight' && attempt === 1) throw refusal('PlanStale', 'not as it was');
    return undefined;
  };

  test('the plan is made anew and must be approved anew; what was paused is resumed meanwhile', async ({
    openScene,
  }) => {
    const { start, journal, restorePlan } = await openScene({ policy: required, onStep: staleOnce });
    const handle = await start('restore');
    await inPhase(handle, 'waiting for approval');
    await approveAs(handle, restorePlan.hash, 'ann');
    await until(handle, ({ phase, approvals }) => phase === 'waiting for approval' && approvals.length === 0);
    const replaced = `The plan ${restorePlan.hash.slice(0, 12)} was replaced: not as it was`;
    const { notes, departures } = await progressOf(handle);
    expect(notes).toEqual([replaced]);
    expect(departures).toMatchObject([{ what: replaced }]);
    expect(journal.ended).toEqual(['pauseSchedules', 'resumeSchedules']);
    await approveAs(handle, restorePlan.hash, 'bob');
    expect(await handle.result()).toMatchObject({ verdict: 'pass', approvals: [{ by: 'bob' }] });
  });

  test('approval in advance is for the first plan only', async ({ openScene }) => {
    const { start, restorePlan } = await openScene({ policy: required, onStep: staleOnce });
    const handle = await start('restore', { approvedBy: 'ann' });
    await inPhase(handle, 'waiting for approval');
    await approveAs(handle, restorePlan.hash, 'ann');
    expect(await handle.result()).toMatchObject({ approvals: [{ by: 'ann', how: 'update' }] });
  });

  test('a platform that changes again and again is not restored for ever', async ({ openScene }) => {
    const { start, journal } = await openScene({
      onStep: (what) => {
        if (what === 'repeatPreflight') throw refusal('PlanStale', 'not as it was');
        return undefined;
      },
    });
    const handle = await start('restore');
    expect((await failureOf(handle)).type).toBe('PlanStale');
    expect((await progressOf(handle)).phase).toBe('refused');
    expect(journal.ended.some((what) => what.startsWith('stopService'))).toBe(false);
  });
});
