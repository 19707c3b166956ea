import type { WorkflowHandle } from '@temporalio/client';
import { downtimeOf } from '../../domain/runs/downtime.ts';
import type { Choice } from '../../domain/runs/progress.ts';
import { decide } from '../../workflows/messages.ts';
import { refusal } from './fake-platform.ts';
import { failureOf, inPhase, isLocked, progressOf, test, until, untilCancelled } from './scene.ts';

const say = (handle: WorkflowHandle, step: string, choice: Choice) =>
  handle.executeUpdate(decide, { args: [{ step, choice, by: 'ann' }] });
const failsAt = (action: string) => (what: string) => {
  if (what.startsWith(action)) throw refusal('VolumeRefused', 'another file system');
  return undefined;
};

describe('no volume could be moved', () => {
  test('nobody is asked: all that was stopped runs again, and nothing is left in quarantine', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('quarantineVolume') });
    const handle = await scene.start('restore');
    expect(await failureOf(handle)).toMatchObject({ type: 'VolumeRefused', message: 'another file system' });
    const progress = await progressOf(handle);
    expect(progress).toMatchObject({ phase: 'failed', verdict: 'fail', decisions: [] });
    expect(progress.pointOfNoReturn?.passedAt).toBeUndefined();
    expect(progress.quarantine).toBeUndefined();
    expect(downtimeOf(progress, 0)?.over).toBe(true);
    const stops = scene.restorePlan.steps.filter(({ action }) => action === 'stopService');
    for (const { arguments: args } of stops)
      expect(scene.journal.ended).toContain(`startService ${(args as { service: string }).service}`);
    expect(scene.journal.ended).toContain('resumeSchedules');
    expect(scene.journal.ended.join()).not.toContain('returnVolume');
    const quarantine = scene.client.workflow.getHandle(`quarantine/${handle.workflowId}`);
    expect(await quarantine.result()).toMatchObject({ phase: 'released' });
    expect(await isLocked(scene)).toBe(false);
  });

  test('or removed: the containers that held them are created again', async ({ openScene }) => {
    const scene = await openScene({ situation: { volumes: 'remove' }, onStep: failsAt('removeVolume') });
    const handle = await scene.start('restore');
    expect(await failureOf(handle)).toMatchObject({ type: 'VolumeRefused' });
    const { ended } = scene.journal;
    const removed = ended.indexOf('removeContainers elasticsearch');
    expect(removed).toBeGreaterThan(0);
    expect(ended.indexOf('startService elasticsearch')).toBeGreaterThan(removed);
    const stop = scene.restorePlan.steps.find(({ id }) => id === 'stop-elasticsearch');
    expect(stop?.undo?.arguments).toMatchObject({ capture: 'before' });
  });

  test('a cancellation at that moment undoes everything as well', async ({ openScene }) => {
    const scene = await openScene({
      onStep: (what) => (what.startsWith('quarantineVolume') ? untilCancelled() : undefined),
    });
    const handle = await scene.start('restore');
    await until(handle, ({ steps }) =>
      steps.some(({ id, status }) => id.startsWith('quarantine-') && status === 'running'),
    );
    await handle.cancel();
    await handle.result().catch(() => undefined);
    expect(await progressOf(handle)).toMatchObject({ phase: 'cancelled' });
    expect(scene.journal.ended).toContain('startService elasticsearch');
    expect(scene.journal.ended).toContain('startService api');
  });
});

describe('data was moved, or may have been', () => {
  test('one volume of three: the run asks, and offers the way back', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('quarantineVolume demo_zk-log') });
    const handle = await scene.start('restore');
    const { pendingDecisions, pointOfNoReturn } = await inPhase(handle, 'waiting for decision');
    expect(pointOfNoReturn?.passedAt).toBeDefined();
    expect(pendingDecisions[0]?.choices.map(({ choice }) => choice)).toEqual(['retry', 'abort', 'rollback']);
    await say(handle, 'quarantine-demo_zk-log', 'rollback');
    expect(await failureOf(handle)).toMatchObject({ type: 'RolledBack' });
    expect(scene.journal.ended).toContain('returnVolume demo_es-data');
  });

  test('by a step whose worker was killed: the engine knows', async ({ openScene }) => {
    const scene = await openScene({
      onStep: failsAt('quarantineVolume'),
      overrides: { isDataMoved: () => Promise.resolve(true) },
    });
    const handle = await scene.start('restore');
    const { pendingDecisions } = await until(handle, (progress) => progress.pendingDecisions.length === 3);
    expect(pendingDecisions[0]?.choices.map(({ choice }) => choice)).toContain('rollback');
  });

  test('an engine that does not answer: a person decides', async ({ openScene }) => {
    const scene = await openScene({
      onStep: failsAt('quarantineVolume'),
      overrides: { isDataMoved: () => Promise.reject(refusal('VolumeRefused', 'no answer')) },
    });
    await inPhase(await scene.start('restore'), 'waiting for decision');
  });
});
