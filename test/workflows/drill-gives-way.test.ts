import type { WorkflowHandle } from '@temporalio/client';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { waitFor } from '../wait-for.ts';
import type { FakeOptions } from './fake-platform.ts';
import { test as fleetTest } from './fleet-scene.ts';
import { test as incidentTest } from './incident-scene.ts';
import { gate, inPhase, progressOf, test, until, type Scene } from './scene.ts';

/** A drill that is in the middle until it is let go, and a backup that takes its snapshot until that is let go. */
function held() {
  const drill = gate();
  const backup = gate();
  let drills = 0;
  const onStep: FakeOptions['onStep'] = async (what) => {
    if (what === 'restoreIndices documents' && drills++ === 0) await drill.passed;
    if (what === 'takeSnapshot documents') await backup.passed;
    return undefined;
  };
  const start = async ({ start, journal }: Pick<Scene, 'start' | 'journal'>, kind: 'drill' | 'backup', input = {}) => {
    const handle = await start(kind, input);
    const step = kind === 'drill' ? 'restoreIndices documents' : 'takeSnapshot documents';
    await waitFor(() => expect(journal.began).toContain(step), { timeout: 60_000 });
    return handle;
  };
  return { drill, backup, onStep, start };
}

/** It was asked to end, and has not ended yet. */
async function isEnding(drill: WorkflowHandle): Promise<void> {
  await waitFor(
    async () => {
      const { events } = await drill.fetchHistory();
      expect(events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes)).toBe(true);
    },
    { timeout: 60_000, interval: 50 },
  );
  expect((await drill.describe()).status.name).toBe('RUNNING');
}

describe('a drill gives way at once', () => {
  test('to a restore, which does not wait for it, and says so', async ({ openScene }) => {
    const hold = held();
    hold.backup.open();
    const scene = await openScene({ onStep: hold.onStep });
    const drill = await hold.start(scene, 'drill');
    const restored = (await (await scene.start('restore')).result()) as RunProgress;
    expect(restored).toMatchObject({ phase: 'passed' });
    expect(restored.notes).toContain(`${drill.workflowId} was cancelled: a drill gives way to a restore`);
    await isEnding(drill);
    hold.drill.open();
    await expect(drill.result()).rejects.toThrow();
    expect(scene.journal.ended).toContain('closeScene');
  });

  test('also to one that waits for a backup', async ({ openScene }) => {
    const hold = held();
    const scene = await openScene({ onStep: hold.onStep });
    const drill = await hold.start(scene, 'drill');
    const backup = await hold.start(scene, 'backup');
    const restore = await scene.start('restore');
    await inPhase(restore, 'waiting for lock');
    await isEnding(drill);
    hold.drill.open();
    await expect(drill.result()).rejects.toThrow();
    expect((await progressOf(restore)).phase).toBe('waiting for lock');
    hold.backup.open();
    expect(await backup.result()).toMatchObject({ phase: 'passed' });
    expect(await restore.result()).toMatchObject({ phase: 'passed' });
  });

  test('but for the one that is promoted', async ({ openScene }) => {
    const hold = held();
    hold.drill.open();
    const scene = await openScene({ onStep: hold.onStep });
    const drill = await scene.start('drill', { keepHours: 24 });
    await until(drill, ({ note }) => note?.includes('--promote') === true, 'keeps its scene');
    const backup = await hold.start(scene, 'backup');
    const restore = await scene.start('restore', { promote: drill.workflowId });
    await inPhase(restore, 'waiting for lock');
    hold.backup.open();
    await backup.result();
    const restored = (await restore.result()) as RunProgress;
    expect(restored).toMatchObject({ phase: 'passed' });
    expect(restored.notes ?? []).toEqual([]);
    expect(await drill.result()).toMatchObject({ phase: 'passed' });
  });

  incidentTest('to what an incident proposes, before anybody approves it', async ({ openScene }) => {
    const hold = held();
    const scene = await openScene({ onStep: hold.onStep });
    const drill = await hold.start(scene, 'drill');
    const incident = await scene.startIncident('restore');
    await isEnding(drill);
    hold.drill.open();
    await expect(drill.result()).rejects.toThrow();
    await incident.proposal();
    await incident.send({ what: 'resolved' });
    await incident.result();
  });

  fleetTest('to the restore of a fleet’s member, and to no other one’s', async ({ openFleet }) => {
    const hold = held();
    const scene = await openFleet({ onStep: hold.onStep });
    const drill = await hold.start(scene, 'drill', { platform: scene.nameOf('a') });
    const other = await scene.start('drill', { platform: scene.nameOf('c'), keepHours: 24 }, 'other');
    await until(other, ({ note }) => note?.includes('--promote') === true, 'keeps its scene');
    const fleet = await scene.startFleet('ab');
    await isEnding(drill);
    hold.drill.open();
    await expect(drill.result()).rejects.toThrow();
    await fleet.handle.result();
    expect(await fleet.states()).toEqual({ a: 'passed', b: 'passed' });
    expect((await other.describe()).status.name).toBe('RUNNING');
  });
});
