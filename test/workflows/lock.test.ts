import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { approve } from '../../workflows/messages.ts';
import { refusal } from './fake-platform.ts';
import { failureOf, gate, inPhase, isLocked, progressOf, test, timersOf, until } from './scene.ts';
import { waitFor } from '../wait-for.ts';

const kindKey = defineSearchAttributeKey('RekindleKind', SearchAttributeType.KEYWORD);
const required = { approval: 'required' } as const;

describe('one run per platform', () => {
  test('a second restore ends at once and points at the first', async ({ openScene }) => {
    const { start, journal } = await openScene({ policy: required });
    const first = await start('restore', {}, 'first');
    await inPhase(first, 'waiting for approval');
    const second = await start('restore', {}, 'second');
    const failure = await failureOf(second);
    expect(failure.type).toBe('PlatformBusy');
    expect(failure.message).toContain(first.workflowId);
    expect(failure.remedy).toContain(`rekindle watch ${first.workflowId}`);
    expect((await progressOf(second)).phase).toBe('refused');
    expect((await progressOf(first)).phase).toBe('waiting for approval');
    expect(journal.began).toEqual([]);
  });

  test('a rebuild during a restore ends at once, too', async ({ openScene }) => {
    const { start } = await openScene({ policy: required });
    await inPhase(await start('restore'), 'waiting for approval');
    expect((await failureOf(await start('rebuild'))).type).toBe('PlatformBusy');
  });

  test('two platforms do not hinder each other', async ({ openScene }) => {
    const one = await openScene({ policy: required });
    await inPhase(await one.start('restore'), 'waiting for approval');
    const other = await openScene();
    expect(await (await other.start('restore')).result()).toMatchObject({ verdict: 'pass' });
  });

  test('a backup while a restore holds the platform is skipped with a note, and is no failure', async ({
    openScene,
  }) => {
    const { start, journal } = await openScene({ policy: required });
    const restore = await start('restore');
    await inPhase(restore, 'waiting for approval');
    const report = (await (await start('backup')).result()) as RunProgress;
    expect(report.phase).toBe('skipped');
    expect(report.verdict).toBeUndefined();
    expect(report.note).toContain(restore.workflowId);
    expect(journal.began).toEqual([]);
    expect(journal.reports).toEqual([]);
  });

  test('a restore waits for a backup that is under way, then goes on', async ({ openScene }) => {
    const hold = gate();
    const scene = await openScene({
      onStep: async (what, attempt) => {
        if (what === 'takeSnapshot documents' && attempt === 1) await hold.passed;
        return undefined;
      },
    });
    const { start, journal } = scene;
    const backup = await start('backup');
    await until(backup, ({ steps }) =>
      steps.some(({ id, status }) => id === 'snapshot-documents' && status === 'running'),
    );
    const restore = await start('restore');
    const waiting = await inPhase(restore, 'waiting for lock');
    expect(waiting.note).toContain(backup.workflowId);
    expect(journal.began).not.toContain('pauseSchedules');
    hold.open();
    expect(await backup.result()).toMatchObject({ verdict: 'pass' });
    expect(await restore.result()).toMatchObject({ verdict: 'pass' });
    expect(await timersOf(scene, restore)).toContain(`pause before the next attempt to lock ${scene.platform}`);
  });
});

describe('the lock outside its holder', () => {
  test('a request to cancel it changes nothing', async ({ openScene }) => {
    const scene = await openScene({ policy: required });
    await inPhase(await scene.start('restore'), 'waiting for approval');
    const lock = scene.client.workflow.getHandle(`exclusive/${scene.platform}`);
    await lock.cancel();
    expect((await failureOf(await scene.start('restore', {}, '2'))).type).toBe('PlatformBusy');
    expect(await isLocked(scene)).toBe(true);
  });

  test('terminated, the run still ends as it would, and notes it', async ({ openScene }) => {
    const scene = await openScene({ policy: required });
    const handle = await scene.start('restore');
    await inPhase(handle, 'waiting for approval');
    const lock = scene.client.workflow.getHandle(`exclusive/${scene.platform}`);
    expect((await lock.describe()).typedSearchAttributes.get(kindKey)).toBe('lock');
    await lock.terminate('cleaning up');
    const args: [{ planHash: string; by: string }] = [{ planHash: scene.restorePlan.hash, by: 'ann' }];
    await handle.executeUpdate(approve, { args });
    const report = (await handle.result()) as RunProgress;
    expect(report.verdict).toBe('pass');
    expect(report.notes).toEqual([expect.stringContaining(`the lock ${lock.workflowId} was ended from outside`)]);
  });
});

describe('the lock is free', () => {
  test('after a success: the next run goes through', async ({ openScene }) => {
    const scene = await openScene();
    await (await scene.start('rebuild', {}, 'first')).result();
    expect(await isLocked(scene)).toBe(false);
    expect(await (await scene.start('rebuild', {}, 'second')).result()).toMatchObject({ verdict: 'pass' });
  });

  test('after a failure', async ({ openScene }) => {
    const scene = await openScene({ overrides: { prepareRebuild: () => Promise.reject(refusal('InvalidArgument')) } });
    await failureOf(await scene.start('rebuild'));
    expect(await isLocked(scene)).toBe(false);
  });

  test('after a termination', async ({ openScene }) => {
    const scene = await openScene({ policy: required });
    const handle = await scene.start('restore', {}, 'first');
    await inPhase(handle, 'waiting for approval');
    expect(await isLocked(scene)).toBe(true);
    await handle.terminate('no more');
    await waitFor(async () => expect(await isLocked(scene)).toBe(false), { timeout: 10_000, interval: 25 });
    await inPhase(await scene.start('restore', {}, 'second'), 'waiting for approval');
  });
});
