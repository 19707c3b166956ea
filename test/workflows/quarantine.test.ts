import type { WorkflowHandle } from '@temporalio/client';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { decide, plan, release, rollback } from '../../workflows/messages.ts';
import { refusal } from './fake-platform.ts';
import { detailsOf, failureOf, gate, inPhase, isLocked, progressOf, test, until, type Scene } from './scene.ts';

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
    const report = (await handle.result()) as RunProgress;
    const releaseAt = report.quarantine?.releaseAt ?? '';
    expect(report).toMatchObject({ verdict: 'pass', quarantine: { volumes } });
    expect(Date.parse(releaseAt) - Date.parse(report.finishedAt ?? '')).toBeLessThanOrEqual(2000);
    expect(scene.journal.reports.at(-1)?.quarantine?.releaseAt).toBe(releaseAt);
    expect(await detailsOf(handle)).toContain(`is kept until ${releaseAt}, then it is deleted: ${volumes.join(', ')}`);
    const quarantine = quarantineOf(scene, handle);
    const kept = await until(quarantine, (progress) => progress.quarantine?.releaseAt !== undefined);
    expect(kept).toMatchObject({ kind: 'quarantine', quarantine: { volumes, releaseAt } });
    expect(await quarantine.result()).toMatchObject({ phase: 'released' });
    expect(scene.journal.ended).toContain(`releaseQuarantine ${volumes.join(' ')}`);
  });

  test('its quarantine is released on request, once', async ({ openScene }) => {
    const scene = await openScene();
    const handle = await scene.start('restore');
    await handle.result();
    const quarantine = quarantineOf(scene, handle);
    expect(await refusalOf(quarantine.executeUpdate(release, { args: [{ by: '' }] }))).toContain('who decides?');
    expect(await letGo(quarantine)).toContain('requested by ann');
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
    expect(await quarantine.result()).toMatchObject({ phase: 'released' });
    const report = scene.journal.reports.find(({ phase }) => phase === 'rolled back');
    const { hash } = (await quarantine.query(plan))!;
    expect(report).toMatchObject({ kind: 'quarantine', verdict: 'pass', planHash: hash });
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
    // The deadline of the pass no longer counts: a person must look at what failed.
    const after = await until(quarantine, ({ quarantine }) => quarantine !== undefined && !quarantine.releaseAt);
    expect(after.phase).toBe('failed');
    expect(after.quarantine?.volumes).toContain('demo_zk-data');
    await rollBack(quarantine);
    await inPhase(quarantine, 'rolled back');
  });

  test('its quarantine refuses a request to cancel, notes it, and still takes rollback and release', async ({
    openScene,
  }) => {
    const scene = await openScene();
    const handle = await scene.start('restore');
    await handle.result();
    const quarantine = quarantineOf(scene, handle);
    await quarantine.cancel();
    const { notes } = await until(quarantine, ({ notes }) => notes !== undefined);
    expect(notes).toEqual([expect.stringMatching(/^a request to cancel was refused at \d{4}-/)]);
    expect(await detailsOf(quarantine)).toContain('a request to cancel was refused');
    await rollBack(quarantine);
    await until(quarantine, ({ phase }) => phase === 'rolled back' || phase === 'released');
    expect(await quarantine.result()).toMatchObject({ phase: 'released', verdict: 'pass' });
    expect(scene.journal.ended).toContain('returnVolume demo_es-data');
  });
});

describe('a quarantine that is terminated while the restore goes on', () => {
  test('does not make the restore fail: a note says what is set aside and where', async ({ openScene }) => {
    const hold = gate();
    const scene = await openScene({
      onStep: async (what) => {
        if (what === 'smokeCheck') await hold.passed;
        return undefined;
      },
    });
    const handle = await scene.start('restore');
    await until(handle, ({ steps }) => steps.some(({ id, status }) => id === 'smoke-check' && status === 'running'));
    await quarantineOf(scene, handle).terminate('cleaning up');
    hold.open();
    const report = (await handle.result()) as RunProgress;
    expect(report).toMatchObject({ phase: 'passed', verdict: 'pass' });
    expect(report.quarantine).toBeUndefined();
    const [note = ''] = report.notes ?? [];
    expect(note).toContain(`quarantine/${handle.workflowId} was ended from outside`);
    for (const volume of volumes) expect(note).toContain(`quarantineVolume ${volume}: done`);
    expect(await isLocked(scene)).toBe(false);
  });
});

describe('while the restore goes on', () => {
  test('its quarantine is neither rolled back nor released behind its back', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('restoreIndices documents', 1) });
    const handle = await scene.start('restore');
    await inPhase(handle, 'waiting for decision');
    const quarantine = quarantineOf(scene, handle);
    expect(await refusalOf(rollBack(quarantine))).toContain(`${handle.workflowId} is still working`);
    expect(await refusalOf(letGo(quarantine))).toContain(`${handle.workflowId} is still working`);
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

  test('aborted: schedules and throttles are put back, the old data is kept until a person decides', async ({
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
