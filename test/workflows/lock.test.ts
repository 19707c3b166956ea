import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { approve } from '../../workflows/messages.ts';
import { refusal } from './fake-platform.ts';
import { failureOf, gate, inPhase, isLocked, progressOf, test, until, type OpenScene, type Scene } from './scene.ts';
import { waitFor } from '../wait-for.ts';

const kindKey = defineSearchAttributeKey('RekindleKind', SearchAttributeType.KEYWORD);
const required = { approval: 'required' } as const;
const approveAs = (handle: WorkflowHandle, planHash: string) =>
  handle.executeUpdate(approve, { args: [{ planHash, by: 'ann' }] });

/** A restore that holds the lock, right before its first stop, until the gate opens. */
async function holding(openScene: OpenScene) {
  const hold = gate();
  const scene = await openScene({
    onStep: async (what) => {
      if (what === 'recordDeployment') await hold.passed;
      return undefined;
    },
  });
  const holder = await scene.start('restore', {}, 'first');
  await until(holder, ({ steps }) =>
    steps.some(({ id, status }) => id === 'record-deployment' && status === 'running'),
  );
  return { ...scene, scene, hold, holder };
}

/** A backup that holds the lock while it takes its snapshot, until the gate opens. */
async function backingUp(openScene: OpenScene, policy = {}) {
  const hold = gate();
  const scene = await openScene({
    policy,
    onStep: async (what, attempt) => {
      if (what === 'takeSnapshot documents' && attempt === 1) await hold.passed;
      return undefined;
    },
  });
  const takeSnapshot = async () => {
    const backup = await scene.start('backup');
    await until(backup, ({ steps }) =>
      steps.some(({ id, status }) => id === 'snapshot-documents' && status === 'running'),
    );
    return backup;
  };
  return { ...scene, scene, hold, takeSnapshot };
}

describe('one run per platform', () => {
  test('a second restore ends at once and points at the first', async ({ openScene }) => {
    const { start, journal, holder } = await holding(openScene);
    const second = await start('restore', {}, 'second');
    const failure = await failureOf(second);
    expect(failure.type).toBe('PlatformBusy');
    expect(failure.message).toContain(holder.workflowId);
    expect(failure.remedy).toContain(`rekindle watch ${holder.workflowId}`);
    expect((await progressOf(second)).phase).toBe('refused');
    expect((await progressOf(holder)).phase).toBe('running');
    expect(journal.began.filter((what) => what === 'pauseSchedules')).toHaveLength(1);
  });

  test('a rebuild during a restore ends at once, too', async ({ openScene }) => {
    const { start } = await holding(openScene);
    expect((await failureOf(await start('rebuild'))).type).toBe('PlatformBusy');
  });

  test('two platforms do not hinder each other', async ({ openScene }) => {
    await holding(openScene);
    const other = await openScene();
    expect(await (await other.start('restore')).result()).toMatchObject({ verdict: 'pass' });
  });

  test('a backup while a restore holds the platform is skipped; its report says why', async ({ openScene }) => {
    const { start, journal, holder } = await holding(openScene);
    const report = (await (await start('backup')).result()) as RunProgress;
    expect(report.phase).toBe('skipped');
    expect(report.verdict).toBeUndefined();
    expect(report.note).toContain(holder.workflowId);
    expect(journal.began).not.toContain('takeSnapshot documents');
    expect(journal.reports).toEqual([report]);
  });

  test('a restore waits for a backup that is under way, then goes on; its history does not grow meanwhile', async ({
    openScene,
  }) => {
    const { start, journal, hold, takeSnapshot } = await backingUp(openScene);
    const backup = await takeSnapshot();
    const restore = await start('restore');
    const waiting = await inPhase(restore, 'waiting for lock');
    expect(waiting.note).toContain(backup.workflowId);
    await waitFor(async () => expect((await restore.describe()).raw.pendingActivities).toHaveLength(1), {
      timeout: 10_000,
      interval: 25,
    });
    const { historyLength } = await restore.describe();
    // Longer than a poll of the activity.
    await until(restore, ({ startedAt }) => Date.now() > Date.parse(startedAt) + 4000);
    expect((await restore.describe()).historyLength).toBe(historyLength);
    expect(journal.began).not.toContain('pauseSchedules');
    hold.open();
    expect(await backup.result()).toMatchObject({ verdict: 'pass' });
    expect(await restore.result()).toMatchObject({ verdict: 'pass' });
  });
});

describe('a backup before a deployment', () => {
  const startedBy = { how: 'command line', name: 'ann', reason: 'before a deployment' } as const;

  test('waits for a backup that runs, then takes another; its report says why', async ({ openScene }) => {
    const { start, journal, hold, takeSnapshot } = await backingUp(openScene);
    const first = await takeSnapshot();
    const second = await start('backup', { startedBy }, 'second');
    expect((await inPhase(second, 'waiting for lock')).note).toContain(first.workflowId);
    hold.open();
    expect(await first.result()).toMatchObject({ verdict: 'pass' });
    expect(await second.result()).toMatchObject({ phase: 'passed', startedBy });
    expect(journal.ended.filter((what) => what === 'takeSnapshot documents')).toHaveLength(2);
  });

  test('is skipped while a restore holds the platform', async ({ openScene }) => {
    const { start, holder } = await holding(openScene);
    const report = (await (await start('backup', { startedBy })).result()) as RunProgress;
    expect(report).toMatchObject({ phase: 'skipped', note: expect.stringContaining(holder.workflowId) as string });
  });
});

describe('a restore that waits for approval', () => {
  /** It says that it waits a moment before its lock is free. */
  async function waiting(scene: Scene, label?: string) {
    const restore = await scene.start('restore', {}, label);
    await inPhase(restore, 'waiting for approval');
    await waitFor(async () => expect(await isLocked(scene)).toBe(false), { timeout: 30_000, interval: 25 });
    return restore;
  }

  test('holds nothing up: backups and rebuilds go through, and it goes on afterwards', async ({ openScene }) => {
    const scene = await openScene({ policy: required });
    const { start, restorePlan } = scene;
    const restore = await waiting(scene);
    expect(await (await start('backup')).result()).toMatchObject({ phase: 'passed' });
    expect(await (await start('rebuild')).result()).toMatchObject({ verdict: 'pass' });
    await approveAs(restore, restorePlan.hash);
    expect(await restore.result()).toMatchObject({ verdict: 'pass' });
  });

  test('waits for the backup that runs when it is approved, then checks the plan again', async ({ openScene }) => {
    const { scene, journal, hold, takeSnapshot, restorePlan } = await backingUp(openScene, required);
    const restore = await waiting(scene);
    const backup = await takeSnapshot();
    await approveAs(restore, restorePlan.hash);
    expect((await inPhase(restore, 'waiting for lock')).note).toContain(backup.workflowId);
    expect(journal.began).not.toContain('repeatPreflight');
    hold.open();
    expect(await restore.result()).toMatchObject({ verdict: 'pass', approvals: [{ by: 'ann' }] });
    expect(journal.began.indexOf('repeatPreflight')).toBeGreaterThan(journal.ended.indexOf('takeSnapshot documents'));
  });

  test('of two that were approved, the second is refused while the first works', async ({ openScene }) => {
    const hold = gate();
    const scene = await openScene({
      policy: required,
      onStep: async (what) => {
        if (what === 'recordDeployment') await hold.passed;
        return undefined;
      },
    });
    const [first, second] = [await waiting(scene, 'first'), await waiting(scene, 'second')];
    await approveAs(first, scene.restorePlan.hash);
    await until(first, ({ steps }) =>
      steps.some(({ id, status }) => id === 'record-deployment' && status === 'running'),
    );
    await approveAs(second, scene.restorePlan.hash);
    expect(await failureOf(second)).toMatchObject({ type: 'PlatformBusy' });
    hold.open();
    expect(await first.result()).toMatchObject({ verdict: 'pass' });
  });
});

describe('the lock outside its holder', () => {
  test('a request to cancel it changes nothing', async ({ openScene }) => {
    const { scene } = await holding(openScene);
    const lock = scene.client.workflow.getHandle(`exclusive/${scene.platform}`);
    await lock.cancel();
    expect((await failureOf(await scene.start('restore', {}, '2'))).type).toBe('PlatformBusy');
    expect(await isLocked(scene)).toBe(true);
  });

  test('terminated, the run still ends as it would, and notes it', async ({ openScene }) => {
    const { scene, holder, hold } = await holding(openScene);
    const lock = scene.client.workflow.getHandle(`exclusive/${scene.platform}`);
    expect((await lock.describe()).typedSearchAttributes.get(kindKey)).toBe('lock');
    await lock.terminate('cleaning up');
    hold.open();
    const report = (await holder.result()) as RunProgress;
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
    const { scene, holder, start } = await holding(openScene);
    expect(await isLocked(scene)).toBe(true);
    await holder.terminate('no more');
    await waitFor(async () => expect(await isLocked(scene)).toBe(false), { timeout: 10_000, interval: 25 });
    await until(await start('restore', {}, 'second'), ({ steps }) => steps.length > 0);
  });
});
