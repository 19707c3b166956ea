import type { WorkflowHandle } from '@temporalio/client';
import type { Choice, RunProgress } from '../../domain/runs/progress.ts';
import { decide, release, rollback } from '../../workflows/messages.ts';
import { refusal } from './fake-platform.ts';
import { detailsOf, failureOf, inPhase, progressOf, test, until, type Scene } from './scene.ts';

const quarantineOf = ({ client }: Scene, { workflowId }: WorkflowHandle) =>
  client.workflow.getHandle(`quarantine/${workflowId}`);
const rollBack = (handle: WorkflowHandle) => handle.executeUpdate(rollback, { args: [{ by: 'ann' }] });
const say = (handle: WorkflowHandle, step: string, choice: Choice) =>
  handle.executeUpdate(decide, { args: [{ step, choice, by: 'ann' }] });
const hoursLeft = ({ quarantine }: RunProgress) => (Date.parse(quarantine?.releaseAt ?? '') - Date.now()) / 3_600_000;

/** As on a host: what a restore had made is kept when the old data returns. */
const keepsReplaced = { readQuarantine: () => Promise.resolve({ volumes: ['demo_es-data.replaced'] }) };

describe('the clock of a quarantine', () => {
  test('starts anew when a rollback passes', async ({ openScene }) => {
    let hours = 72;
    const scene = await openScene({
      overrides: ({ locate }) => ({
        ...keepsReplaced,
        locate: async (call) => ({ ...(await locate(call)), quarantineHours: hours }),
      }),
    });
    const handle = await scene.start('restore');
    await handle.result();
    const quarantine = quarantineOf(scene, handle);
    await until(quarantine, (progress) => Math.round(hoursLeft(progress)) === 72);
    hours = 90;
    await rollBack(quarantine);
    await inPhase(quarantine, 'rolled back');
    const after = await until(quarantine, (progress) => Math.round(hoursLeft(progress)) === 90);
    expect(after.verdict).toBe('pass');
  });

  test('does not run while a rollback waits for a decision, though its time is over', async ({ openScene }) => {
    const scene = await openScene({
      policy: { quarantineHours: 4 / 3600 },
      onStep(what, attempt) {
        if (what === 'returnVolume demo_zk-data' && attempt === 1) throw refusal('ContainerFailed', 'it broke');
        return undefined;
      },
    });
    const handle = await scene.start('restore');
    const { quarantine: kept } = (await handle.result()) as RunProgress;
    const quarantine = quarantineOf(scene, handle);
    await rollBack(quarantine);
    await inPhase(quarantine, 'waiting for decision');
    await until(quarantine, () => Date.now() > Date.parse(kept?.releaseAt ?? '') + 500);
    expect(scene.journal.ended.join()).not.toContain('releaseQuarantine');
    await say(quarantine, 'rollback-return-demo_zk-data', 'abort');
    const after = await until(quarantine, ({ phase, quarantine }) => phase === 'failed' && !quarantine?.releaseAt);
    expect(after.quarantine?.volumes).toContain('demo_zk-data');
    expect(scene.journal.ended.join()).not.toContain('releaseQuarantine');
  });

  test('does not run after a rollback that brought all back without a pass', async ({ openScene }) => {
    const scene = await openScene({
      overrides: keepsReplaced,
      onStep(what, attempt) {
        if (what === 'smokeCheck' && attempt === 2) throw refusal('ContainerFailed', 'it broke');
        return undefined;
      },
    });
    const handle = await scene.start('restore');
    await handle.result();
    const quarantine = quarantineOf(scene, handle);
    await rollBack(quarantine);
    await inPhase(quarantine, 'waiting for decision');
    await say(quarantine, 'rollback-smoke-check', 'skip');
    const after = await until(quarantine, ({ phase, quarantine }) => phase === 'rolled back' && !quarantine?.releaseAt);
    expect(after.verdict).toBe('fail');
  });

  test('runs after the way back of a failed restore only when that passed', async ({ openScene }) => {
    const report = async (skipped: boolean) => {
      const scene = await openScene({
        overrides: keepsReplaced,
        onStep(what) {
          if (what === 'restoreIndices documents') throw refusal('ContainerFailed', 'it broke');
          if (what === 'smokeCheck' && skipped) throw refusal('ContainerFailed', 'it broke');
          return undefined;
        },
      });
      const handle = await scene.start('restore');
      await inPhase(handle, 'waiting for decision');
      await say(handle, 'restore-documents', 'rollback');
      if (skipped) {
        await until(handle, ({ pendingDecisions }) => pendingDecisions[0]?.step === 'rollback-smoke-check');
        await say(handle, 'rollback-smoke-check', 'skip');
      }
      await failureOf(handle);
      return progressOf(handle);
    };
    const [passed, skipped] = await Promise.all([report(false), report(true)]);
    expect(passed).toMatchObject({ phase: 'rolled back' });
    expect(Math.round(hoursLeft(passed))).toBe(72);
    expect(skipped).toMatchObject({ phase: 'rolled back' });
    expect(skipped.quarantine?.releaseAt).toBeUndefined();
  });
});

describe('a quarantine whose work fails', () => {
  test('says so, waits and tries again: a typo in the platform file when its time is over', async ({ openScene }) => {
    let typo = false;
    const scene = await openScene({
      policy: {
        quarantineHours: 2 / 3600,
        announces: { events: ['recovery', 'waiting'], statsd: false, heartbeat: false },
      },
      overrides: ({ locate }) => ({
        locate: (call) => (typo ? Promise.reject(refusal('InvalidPlatformFile', 'line 3: a typo')) : locate(call)),
      }),
    });
    const handle = await scene.start('restore');
    await handle.result();
    typo = true;
    const quarantine = quarantineOf(scene, handle);
    const { obstacle } = await until(quarantine, (progress) => progress.obstacle !== undefined);
    expect(obstacle).toMatchObject({ failure: { kind: 'InvalidPlatformFile', message: 'line 3: a typo' } });
    expect(await detailsOf(quarantine)).toContain(`line 3: a typo`);
    expect(scene.journal.ended.join()).not.toContain('releaseQuarantine');
    const announced = () =>
      scene.journal.announced
        .map(({ announcement }) => announcement)
        .filter((one) => 'run' in one && one.run === quarantine.workflowId);
    await until(quarantine, () => announced().length > 0);
    expect(announced()).toMatchObject([{ what: 'waiting', waitsFor: { for: 'repair' } }]);
    typo = false;
    expect(await quarantine.result()).toMatchObject({ phase: 'released' });
    expect(scene.journal.ended.join()).toContain('releaseQuarantine demo_es-data');
    expect((await progressOf(quarantine)).obstacle).toBeUndefined();
    expect(announced()).toMatchObject([{ what: 'waiting' }, { what: 'end', waited: true }]);
  });

  test('still takes a rollback, which then goes first; a failed release is repeated', async ({ openScene }) => {
    let broken = true;
    const scene = await openScene({
      policy: { quarantineHours: 2 / 3600 },
      overrides: ({ releaseQuarantine }) => ({
        releaseQuarantine: (call) =>
          broken ? Promise.reject(refusal('ServiceNotFound', 'no image')) : releaseQuarantine(call),
      }),
    });
    const handle = await scene.start('restore');
    await handle.result();
    const quarantine = quarantineOf(scene, handle);
    await until(quarantine, ({ obstacle }) => obstacle?.failure.message === 'no image');
    await rollBack(quarantine);
    await inPhase(quarantine, 'rolled back');
    expect(scene.journal.ended).toContain('returnVolume demo_es-data');
    broken = false;
    expect(await quarantine.result()).toMatchObject({ phase: 'released' });
  });

  test('is told by the restore that its data cannot be looked at', async ({ openScene }) => {
    let away = true;
    const scene = await openScene({
      overrides: ({ readQuarantine }) => ({
        readQuarantine: (call) => (away ? Promise.reject(refusal('VolumeRefused', 'no engine')) : readQuarantine(call)),
      }),
    });
    const handle = await scene.start('restore');
    await handle.result();
    const quarantine = quarantineOf(scene, handle);
    await until(quarantine, ({ obstacle }) => obstacle?.failure.message === 'no engine');
    away = false;
    const kept = await until(quarantine, ({ quarantine, obstacle }) => quarantine !== undefined && !obstacle);
    expect(Math.round(hoursLeft(kept))).toBe(72);
    await quarantine.executeUpdate(release, { args: [{ by: 'ann' }] });
    expect(await quarantine.result()).toMatchObject({ phase: 'released' });
  });
});
