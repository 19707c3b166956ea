import type { WorkflowHandle } from '@temporalio/client';
import { decide, release, rollback } from '../../workflows/messages.ts';
import { refusal } from './fake-platform.ts';
import { failureOf, inPhase, isLocked, progressOf, test, until, untilCancelled, type Scene } from './scene.ts';

const quarantineOf = ({ client }: Scene, { workflowId }: WorkflowHandle) =>
  client.workflow.getHandle(`quarantine/${workflowId}`);
const rollBack = (handle: WorkflowHandle) => handle.executeUpdate(rollback, { args: [{ by: 'ann' }] });
const letGo = (handle: WorkflowHandle) => handle.executeUpdate(release, { args: [{ by: 'ann' }] });
const refusalOf = (update: Promise<unknown>) =>
  update.then(
    () => 'accepted',
    (error: unknown) => String((error as { cause?: Error }).cause?.message),
  );
const volumes = ['demo_es-data', 'demo_zk-data', 'demo_zk-log'];
const failsAt =
  (step: string, times = Infinity) =>
  (what: string, attempt: number) => {
    if (what === step && attempt <= times) throw refusal('ContainerFailed', 'it broke');
    return undefined;
  };

describe('a restore that passed', () => {
  test('keeps the old data until its time is over, and says until when', async ({ openScene }) => {
    const scene = await openScene({ policy: { quarantineHours: 2 / 3600 } });
    const handle = await scene.start('restore');
    expect(await handle.result()).toMatchObject({ verdict: 'pass', quarantine: { volumes } });
    const quarantine = quarantineOf(scene, handle);
    const kept = await until(quarantine, (progress) => progress.quarantine?.releaseAt !== undefined);
    expect(kept).toMatchObject({ kind: 'quarantine', phase: 'quarantined', quarantine: { volumes } });
    expect(await quarantine.result()).toMatchObject({ phase: 'released' });
    expect(scene.journal.ended).toContain(`releaseQuarantine ${volumes.join(' ')}`);
  });

  test('its quarantine is released when somebody says so, once', async ({ openScene }) => {
    const scene = await openScene();
    const handle = await scene.start('restore');
    await handle.result();
    const quarantine = quarantineOf(scene, handle);
    expect(await refusalOf(quarantine.executeUpdate(release, { args: [{ by: '' }] }))).toContain('who decides?');
    expect(await letGo(quarantine)).toContain('asked for by ann');
    expect(await quarantine.result()).toMatchObject({ phase: 'released', note: 'released by ann' });
    expect(scene.journal.reports.at(-1)).toMatchObject({ kind: 'quarantine', phase: 'released' });
  });

  test('is rolled back under the lock: new services stop, old data returns, what ran starts in order', async ({
    openScene,
  }) => {
    const scene = await openScene();
    const handle = await scene.start('restore');
    await handle.result();
    const quarantine = quarantineOf(scene, handle);
    const before = scene.journal.ended.length;
    await rollBack(quarantine);
    const progress = await inPhase(quarantine, 'rolled back');
    expect(progress).toMatchObject({ verdict: 'pass' });
    const done = scene.journal.ended.slice(before);
    const at = (what: string) => done.indexOf(what);
    expect(at('stopService api')).toBeLessThan(at('stopService elasticsearch'));
    expect(at('stopService elasticsearch')).toBeLessThan(at('returnVolume demo_es-data'));
    expect(at('returnVolume demo_zk-log')).toBeLessThan(at('startService elasticsearch'));
    expect(at('awaitStore documents')).toBeLessThan(at('configureRepository documents'));
    expect(at('configureRepository documents')).toBeLessThan(at('startService api'));
    expect(at('startService api')).toBeLessThan(at('startService job-distributor'));
    expect(done.at(-1)).toBe('resumeSchedules');
    expect(await isLocked(scene)).toBe(false);
    expect(scene.journal.reports.at(-1)).toMatchObject({ kind: 'quarantine', phase: 'rolled back', verdict: 'pass' });
    expect(await quarantine.result()).toMatchObject({ phase: 'released' });
  });

  test('a rollback that fails waits for a decision; aborted, it can be asked for again', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('returnVolume demo_zk-data', 1) });
    const handle = await scene.start('restore');
    await handle.result();
    const quarantine = quarantineOf(scene, handle);
    await rollBack(quarantine);
    const { pendingDecisions } = await inPhase(quarantine, 'waiting for decision');
    expect(pendingDecisions[0]?.choices.map(({ choice }) => choice)).toEqual(['retry', 'abort']);
    const step = 'rollback-return-demo_zk-data';
    await quarantine.executeUpdate(decide, { args: [{ step, choice: 'abort', by: 'ann' }] });
    expect(await inPhase(quarantine, 'failed')).toMatchObject({ verdict: 'fail', failure: { message: 'it broke' } });
    expect(await isLocked(scene)).toBe(false);
    await rollBack(quarantine);
    await inPhase(quarantine, 'rolled back');
  });
});

describe('while the restore goes on', () => {
  test('its quarantine is neither rolled back nor released behind its back', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('restoreIndices documents', 1) });
    const handle = await scene.start('restore');
    await inPhase(handle, 'waiting for decision');
    const quarantine = quarantineOf(scene, handle);
    expect(await refusalOf(rollBack(quarantine))).toContain(`${handle.workflowId} still works`);
    expect(await refusalOf(letGo(quarantine))).toContain(`${handle.workflowId} still works`);
    await handle.executeUpdate(decide, { args: [{ step: 'restore-documents', choice: 'retry', by: 'ann' }] });
    expect(await handle.result()).toMatchObject({ verdict: 'pass' });
  });
});

describe('a failure past the point of no return', () => {
  test('offers the way back; taken, the platform is as it was and the run says so', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('restoreIndices documents') });
    const handle = await scene.start('restore');
    const { pendingDecisions } = await inPhase(handle, 'waiting for decision');
    expect(pendingDecisions[0]?.choices.map(({ choice }) => choice)).toEqual(['retry', 'abort', 'rollback']);
    await handle.executeUpdate(decide, { args: [{ step: 'restore-documents', choice: 'rollback', by: 'ann' }] });
    expect(await failureOf(handle)).toMatchObject({ type: 'RolledBack' });
    const progress = await progressOf(handle);
    expect(progress).toMatchObject({ phase: 'rolled back', verdict: 'fail', decisions: [{ choice: 'rollback' }] });
    expect(progress.steps.filter(({ action }) => action === 'returnVolume').map(({ status }) => status)).toEqual([
      'done',
      'done',
      'done',
    ]);
    expect(scene.journal.ended.filter((what) => what === 'resumeSchedules').length).toBeGreaterThan(0);
    // Nothing is set aside any more.
    expect(await quarantineOf(scene, handle).result()).toMatchObject({ phase: 'released' });
    expect(await isLocked(scene)).toBe(false);
  });

  test('aborted: schedules and throttles are put back, the old data is kept until somebody decides', async ({
    openScene,
  }) => {
    const scene = await openScene({ onStep: failsAt('restoreIndices documents') });
    const handle = await scene.start('restore');
    await inPhase(handle, 'waiting for decision');
    await handle.executeUpdate(decide, { args: [{ step: 'restore-documents', choice: 'abort', by: 'ann' }] });
    await failureOf(handle);
    expect(scene.journal.ended.slice(-2)).toEqual(['resetThrottles documents', 'resumeSchedules']);
    const quarantine = quarantineOf(scene, handle);
    const kept = await until(quarantine, (progress) => progress.note?.startsWith('kept for') === true);
    expect(kept).toMatchObject({ phase: 'quarantined', quarantine: { volumes } });
    expect(kept.quarantine?.releaseAt).toBeUndefined();
    await rollBack(quarantine);
    await inPhase(quarantine, 'rolled back');
  });

  test('with the volumes removed there is no way back, and none is offered', async ({ openScene }) => {
    const scene = await openScene({
      situation: { volumes: 'remove' },
      onStep: failsAt('restoreIndices documents'),
    });
    const handle = await scene.start('restore');
    const { pendingDecisions } = await inPhase(handle, 'waiting for decision');
    expect(pendingDecisions[0]?.choices.map(({ choice }) => choice)).toEqual(['retry', 'abort']);
  });
});

test('a backup that a restore meets is cancelled when the caller says so', async ({ openScene }) => {
  const scene = await openScene({
    onStep: async (what) => (what === 'takeSnapshot documents' ? untilCancelled() : undefined),
  });
  const backup = await scene.start('backup');
  await until(backup, ({ steps }) =>
    steps.some(({ action, status }) => action === 'takeSnapshot' && status === 'running'),
  );
  const restore = await scene.start('restore', { runningBackup: 'cancel' });
  await until(restore, ({ steps }) => steps.some(({ status }) => status === 'done'));
  expect(await progressOf(backup)).toMatchObject({ phase: 'cancelled' });
  expect(scene.journal.ended).toContain('discardSnapshot documents');
  await restore.terminate('enough was seen');
});
