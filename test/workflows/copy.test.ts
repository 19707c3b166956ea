import { failed } from '../../domain/checks.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { approve } from '../../workflows/messages.ts';
import { waitFor } from '../wait-for.ts';
import { copyPlan } from './copy-plan.ts';
import { refusal } from './fake-platform.ts';
import { failureOf, gate, inPhase, isLocked, test } from './scene.ts';

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
  expect(await isLocked(scene)).toBe(false);
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
        return Promise.resolve({ plan: copyPlan(platform, source, plans === 1 ? 'replace' : 'skip'), checks: [] });
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
