import { cancel } from '../../cli/commands/cancel.ts';
import { decide } from '../../cli/commands/decide.ts';
import { quarantines } from '../../cli/commands/quarantines.ts';
import { reject } from '../../cli/commands/reject.ts';
import { rollback } from '../../cli/commands/rollback.ts';
import { runs } from '../../cli/commands/runs.ts';
import { findRun } from '../../client/find-run.ts';
import { listRuns } from '../../client/runs.ts';
import { runCommand } from './command-scene.ts';
import { refusal } from './fake-platform.ts';
import { gate, inPhase, progressOf, test, until, type Scene } from './scene.ts';

/** Temporal's list lags behind: until it shows as many runs of the platform. */
async function listed({ client, platform }: Scene, count: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const runs = await listRuns(client, { platform });
    if (runs.length >= count && runs.every(({ phase }) => phase !== '' && phase !== 'starting')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Temporal never listed ${count} runs of ${platform}`);
}

const failsAt = (step: string) => (what: string) => {
  if (what === step) throw refusal('RestoreFailed', 'it broke');
  return undefined;
};

describe("a platform's name", () => {
  test('means the restore that waits for a decision, not its quarantine: decide … rollback works', async ({
    openScene,
  }) => {
    const scene = await openScene({ onStep: failsAt('restoreIndices documents') });
    const handle = await scene.start('restore');
    await inPhase(handle, 'waiting for decision');
    await listed(scene, 2);
    expect(await findRun(scene.client, scene.platform)).toMatchObject({ id: handle.workflowId, kind: 'restore' });
    const { exitCode, said } = await runCommand(decide, [scene.platform, 'rollback']);
    expect({ exitCode, said }).toEqual({ exitCode: 0, said: 'rollback of restore-documents, decided by ann' });
    await handle.result().catch(() => undefined);
    expect((await progressOf(handle)).phase).toBe('rolled back');
  });

  test('means the restore that passed, not the quarantine that keeps its old data', async ({ openScene }) => {
    const scene = await openScene();
    const handle = await scene.start('restore');
    await handle.result();
    await listed(scene, 2);
    const run = await findRun(scene.client, scene.platform);
    // The fresh backup is a part of the restore.
    expect(run).toMatchObject({ id: handle.workflowId, status: 'completed' });
    const refused = await runCommand(decide, [scene.platform, 'retry']);
    expect(refused.failure).toMatchObject({ kind: 'InvalidArgument' });
    expect(refused.failure?.message).toContain(`${handle.workflowId} has ended at `);
    expect((await runCommand(reject, [scene.platform])).failure?.message).toContain('has ended at ');
  });

  test('means the quarantine whose way back waits for a decision', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('returnVolume demo_zk-data') });
    const handle = await scene.start('restore');
    await handle.result();
    const back = await runCommand(rollback, [handle.workflowId]);
    expect(back.exitCode).toBe(4);
    const quarantine = `quarantine/${handle.workflowId}`;
    await listed(scene, 2);
    expect(await findRun(scene.client, scene.platform)).toMatchObject({
      id: quarantine,
      phase: 'waiting for decision',
    });
  });

  test('that fits several runs lists them; an answer goes to the run that waits for one', async ({ openScene }) => {
    const working = gate();
    const scene = await openScene({
      policy: { approval: 'required' },
      onStep: async (what) => {
        if (what === 'takeSnapshot documents') await working.passed;
        return undefined;
      },
    });
    const backup = await scene.start('backup');
    await until(backup, ({ steps }) => steps.some(({ status }) => status === 'running'));
    const restore = await scene.start('restore');
    await inPhase(restore, 'waiting for lock');
    await listed(scene, 2);
    const error = await findRun(scene.client, scene.platform).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'InvalidArgument' });
    for (const { workflowId } of [backup, restore]) expect((error as Error).message).toContain(workflowId);
    working.open();
    await backup.result();
    await inPhase(restore, 'waiting for approval');
    const { exitCode } = await runCommand(reject, [scene.platform], { by: 'ann', reason: 'seen enough' });
    expect(exitCode).toBe(0);
  });

  test('is unknown: the failure says so; the lock is not a run', async ({ openScene }) => {
    const scene = await openScene({ policy: { approval: 'required' } });
    await expect(findRun(scene.client, 'nobody')).rejects.toMatchObject({ kind: 'RunNotFound' });
    const handle = await scene.start('restore');
    await inPhase(handle, 'waiting for approval');
    await expect(findRun(scene.client, `exclusive/${scene.platform}`)).rejects.toMatchObject({ kind: 'RunNotFound' });
  });
});

describe('a quarantine', () => {
  test('is listed with size, deadline and what to type, and is not cancelled', async ({ openScene }) => {
    const scene = await openScene();
    const handle = await scene.start('restore');
    await handle.result();
    const quarantine = `quarantine/${handle.workflowId}`;
    const kept = scene.client.workflow.getHandle(quarantine);
    const { quarantine: state } = await until(kept, (progress) => progress.quarantine?.releaseAt !== undefined);
    await listed(scene, 2);
    const { said, documents } = await runCommand(quarantines, [scene.platform]);
    expect(documents).toMatchObject([
      { quarantines: [{ run: handle.workflowId, bytes: 3000, volumes: state?.volumes }] },
    ]);
    for (const text of ['3.0 kB', state?.releaseAt ?? '?', 'demo_es-data', `rekindle rollback ${handle.workflowId}`])
      expect(said).toContain(text);
    const { failure } = await runCommand(cancel, [quarantine]);
    expect(failure).toMatchObject({ kind: 'InvalidArgument' });
    expect(failure?.remedy).toContain(`rekindle release ${handle.workflowId}`);
    // Nor does Temporal's own button end it, or make it deaf.
    await kept.cancel();
    expect((await runCommand(rollback, [scene.platform])).exitCode).toBe(0);
    expect(await kept.result()).toMatchObject({ phase: 'released' });
    expect((await runCommand(rollback, [handle.workflowId])).failure?.message).toMatch(/brought back or deleted/);
  });

  test('of several the platform’s name lists them', async ({ openScene }) => {
    const scene = await openScene();
    const first = await scene.start('restore', {}, '1');
    await first.result();
    const second = await scene.start('restore', {}, '2');
    await second.result();
    await listed(scene, 4);
    const { failure } = await runCommand(rollback, [scene.platform]);
    for (const { workflowId } of [first, second]) expect(failure?.message).toContain(workflowId);
  });

  test('that is terminated does not end the restore', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('restoreIndices documents') });
    const handle = await scene.start('restore');
    const waiting = await inPhase(handle, 'waiting for decision');
    await scene.client.workflow.getHandle(waiting.quarantine?.workflow ?? '').terminate();
    await runCommand(decide, [handle.workflowId, 'abort']);
    await handle.result().catch(() => undefined);
    const { failure, notes } = await progressOf(handle);
    expect(failure?.message).toBe('it broke');
    expect(notes?.[0]).toMatch(/was ended from outside: no command brings the old data back/);
  });
});

test('runs are listed by their start, newest first, whatever has ended', async ({ openScene }) => {
  const working = gate();
  const scene = await openScene({
    onStep: async (what) => {
      if (what === 'takeSnapshot documents') await working.passed;
      return undefined;
    },
  });
  const backup = await scene.start('backup');
  await until(backup, ({ steps }) => steps.some(({ status }) => status === 'running'));
  const prune = await scene.start('prune');
  await prune.result();
  await listed(scene, 2);
  const { documents } = await runCommand(runs, [scene.platform]);
  const [{ runs: lines }] = documents as [{ runs: { id: string }[] }];
  expect(lines.map(({ id }) => id)).toEqual([prune.workflowId, backup.workflowId]);
  working.open();
  await backup.result();
});
