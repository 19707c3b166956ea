import { failed, passed } from '../../domain/checks.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { approve, decide, reject } from '../../workflows/messages.ts';
import { waitFor } from '../wait-for.ts';
import { copyPlan } from './copy-plan.ts';
import { refusal } from './fake-platform.ts';
import { failureOf, gate, inPhase, isLocked, test, until, untilCancelled } from './scene.ts';

const from = 'production';

test('carries out its plan, reports, and leaves nothing registered', async ({ openScene }) => {
  const { start, journal } = await openScene();
  const report = (await (await start('copy', { from })).result()) as RunProgress;
  expect(report).toMatchObject({ kind: 'copy', phase: 'passed', verdict: 'pass' });
  expect(journal.began.slice(0, 4)).toEqual(
    ['registerSource', 'verifySource', 'raiseThrottles', 'copyIndices'].map((action) => `${action} documents`),
  );
  expect(journal.began.at(-1)).toBe('forgetSource documents');
  expect(journal.began).toEqual(
    expect.arrayContaining(['copyIndices documents', 'verifyCopied documents', 'forgetSource documents']),
  );
  expect(journal.reports).toContainEqual(expect.objectContaining({ kind: 'copy', verdict: 'pass' }));
});

test('waits for approval without holding the destination; a second copy into it ends at once', async ({
  openScene,
}) => {
  const scene = await openScene({ policy: { approval: 'required' } });
  const handle = await scene.start('copy', { from }, 'first');
  const waiting = await inPhase(handle, 'waiting for approval');
  await waitFor(async () => expect(await isLocked(scene)).toBe(false), { timeout: 30_000 });
  expect(await failureOf(await scene.start('copy', { from: 'another' }, 'second'))).toMatchObject({
    type: 'PlatformBusy',
    message: expect.stringContaining('copies into') as string,
  });
  await handle.executeUpdate(approve, { args: [{ planHash: waiting.planHash ?? '', by: 'ann' }] });
  expect(await handle.result()).toMatchObject({ verdict: 'pass' });
});

test('a destination that changed while people thought gets a new plan, and asks again', async ({ openScene }) => {
  let plans = 0;
  const scene = await openScene({
    policy: { approval: 'required' },
    overrides: {
      prepareCopy: ({ platform, from: source }) => {
        plans += 1;
        const plan = copyPlan(platform, source, plans === 1 ? 'replace' : 'skip');
        return Promise.resolve({ plan, checks: [passed('version', 'fits')] });
      },
    },
  });
  const handle = await scene.start('copy', { from });
  const first = await inPhase(handle, 'waiting for approval');
  await handle.executeUpdate(approve, { args: [{ planHash: first.planHash ?? '', by: 'ann' }] });
  await waitFor(async () => {
    const again = await inPhase(handle, 'waiting for approval');
    expect(again.planHash).not.toBe(first.planHash);
  });
  const second = await inPhase(handle, 'waiting for approval');
  await handle.executeUpdate(approve, { args: [{ planHash: second.planHash ?? '', by: 'ann' }] });
  expect(await handle.result()).toMatchObject({ verdict: 'pass' });
  expect(scene.journal.began).not.toContain('removeIndices documents');
});

test('a backup while people think changes nothing: the point that they were shown is copied', async ({ openScene }) => {
  const asked: (string | undefined)[] = [];
  const { start } = await openScene({
    policy: { approval: 'required' },
    overrides: {
      prepareCopy: ({ platform, from: source, point }) => {
        asked.push(point);
        return Promise.resolve({ plan: copyPlan(platform, source, 'fail'), checks: [passed('version', 'fits')] });
      },
    },
  });
  const handle = await start('copy', { from });
  const { planHash = '', recoveryPoint } = await inPhase(handle, 'waiting for approval');
  await handle.executeUpdate(approve, { args: [{ planHash, by: 'ann' }] });
  expect(await handle.result()).toMatchObject({ verdict: 'pass' });
  expect(asked).toEqual([undefined, recoveryPoint?.id]);
});

test('a destination that changes with every look gets no copy, and nothing of it is touched', async ({ openScene }) => {
  let uuid = 0;
  const { start, journal } = await openScene({
    policy: { approval: 'required' },
    overrides: {
      prepareCopy: ({ platform, from: source }) => {
        const plan = copyPlan(platform, source, 'replace', `u${++uuid}`);
        return Promise.resolve({ plan, checks: [passed('version', 'fits')] });
      },
    },
  });
  const handle = await start('copy', { from });
  for (let plans = 1, last = ''; plans <= 5; plans++) {
    const { planHash = '' } = await until(
      handle,
      ({ phase, planHash: now }) => phase === 'waiting for approval' && now !== last,
    );
    last = planHash;
    await handle.executeUpdate(approve, { args: [{ planHash, by: 'ann' }] });
  }
  expect(await failureOf(handle)).toMatchObject({ type: 'PlanStale' });
  expect(journal.began).toEqual([]);
});

test('rejected: nothing is touched, and the recovery point is let go', async ({ openScene }) => {
  const { start, journal } = await openScene({ policy: { approval: 'required' } });
  const handle = await start('copy', { from });
  await inPhase(handle, 'waiting for approval');
  await handle.executeUpdate(reject, { args: [{ by: 'ann', reason: 'not today' }] });
  expect(await failureOf(handle)).toMatchObject({ type: 'Rejected' });
  expect(journal).toMatchObject({ began: [], ended: [`releaseSource ${from}`] });
});

test('cancelled in the middle, what was done is undone: indices, throttles, registration', async ({ openScene }) => {
  const { start, journal } = await openScene({
    async onStep(what) {
      if (what === 'copyIndices documents') await untilCancelled();
      return undefined;
    },
  });
  const handle = await start('copy', { from });
  await waitFor(() => expect(journal.began).toContain('copyIndices documents'), { timeout: 30_000 });
  await handle.cancel();
  expect(await failureOf(handle)).toMatchObject({ type: 'CancelledFailure' });
  expect(journal.ended.slice(-4)).toEqual([
    'discardCopied documents',
    'resetThrottles documents',
    'forgetSource documents',
    `releaseSource ${from}`,
  ]);
  expect(journal.reports).toContainEqual(expect.objectContaining({ kind: 'copy', phase: 'cancelled' }));
});

test('a worker that dies in the middle changes nothing: another goes on with the step', async ({ openScene }) => {
  const scene = await openScene({
    async onStep(what, attempt) {
      if (what === 'copyIndices documents' && attempt === 1) await untilCancelled();
      return undefined;
    },
  });
  const handle = await scene.start('copy', { from });
  await waitFor(() => expect(scene.journal.began).toContain('copyIndices documents'), { timeout: 30_000 });
  await scene.replaceWorker();
  expect(await handle.result()).toMatchObject({ verdict: 'pass' });
  expect(scene.journal.ended.filter((what) => what === 'registerSource documents')).toHaveLength(1);
});

test('a batch that fails asks a person, and a retry goes on with it; the others are not repeated', async ({
  openScene,
}) => {
  let faults = 1;
  let copied = 0;
  const scene = await openScene({
    overrides: {
      prepareCopy: ({ platform, from: source }) => {
        const plan = copyPlan(platform, source, 'fail', 'u1', 120);
        return Promise.resolve({ plan, checks: [passed('version', 'fits')] });
      },
    },
    onStep(what) {
      if (what !== 'copyIndices documents') return undefined;
      copied += 1;
      if (copied === 2 && faults-- > 0) throw refusal('RestoreFailed');
      return undefined;
    },
  });
  const handle = await scene.start('copy', { from });
  const { pendingDecisions } = await inPhase(handle, 'waiting for decision');
  expect(pendingDecisions).toMatchObject([{ step: 'copy-2', failure: { kind: 'RestoreFailed' } }]);
  await handle.executeUpdate(decide, { args: [{ step: 'copy-2', choice: 'retry', by: 'ann' }] });
  expect(await handle.result()).toMatchObject({ verdict: 'pass' });
  const steps = scene.journal.ended.filter((what) => what === 'copyIndices documents');
  expect(steps).toHaveLength(3);
});

test('what speaks against it refuses it before anything is touched', async ({ openScene }) => {
  const { start, journal } = await openScene({
    overrides: {
      prepareCopy: () => Promise.resolve({ checks: [failed('names', 'nuvla-job is there already', 'Choose')] }),
    },
  });
  const handle = await start('copy', { from });
  expect(await failureOf(handle)).toMatchObject({ type: 'PreflightRefused' });
  expect(journal.began).toEqual([]);
  expect(journal.reports).toContainEqual(expect.objectContaining({ kind: 'copy', phase: 'refused' }));
});

test('a proof that fails undoes all: what was copied is deleted, throttles and repository as before', async ({
  openScene,
}) => {
  const { start, journal } = await openScene({
    onStep(what) {
      if (what === 'verifyCopied documents') throw refusal('VerificationFailed');
      return undefined;
    },
  });
  expect(await failureOf(await start('copy', { from }))).toMatchObject({ type: 'VerificationFailed' });
  expect(journal.ended).toEqual(
    expect.arrayContaining(['discardCopied documents', 'resetThrottles documents', 'forgetSource documents']),
  );
  expect(journal.began).not.toContain('raiseReplicas documents');
  expect(journal.ended.at(-1)).toBe(`releaseSource ${from}`);
});

test('it waits for a backup of the destination, and ends when another run holds it', async ({ openScene }) => {
  const hold = gate();
  const scene = await openScene({
    async onStep(what) {
      if (what === 'takeSnapshot documents') await hold.passed;
      return undefined;
    },
  });
  const backup = await scene.start('backup');
  await waitFor(() => expect(scene.journal.began).toContain('takeSnapshot documents'), { timeout: 30_000 });
  const copy = await scene.start('copy', { from });
  await inPhase(copy, 'waiting for lock');
  hold.open();
  await backup.result();
  expect(await copy.result()).toMatchObject({ verdict: 'pass' });
});
