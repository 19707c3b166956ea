import type { RunProgress } from '../../domain/runs/progress.ts';
import { refusal } from './fake-platform.ts';
import { failureOf, isLocked, progressOf, test, until, type Scene } from './scene.ts';

/** A drill that has passed, and keeps its scene. */
async function keptDrill({ start }: Pick<Scene, 'start'>, keepHours = 24) {
  const handle = await start('drill', { keepHours });
  await until(handle, ({ note }) => note?.includes(`--promote ${handle.workflowId}`) === true, 'keeps its scene');
  return handle;
}

describe('a drill that keeps what it restored', () => {
  test('marks its point proven at once, stops its servers gently, and closes its scene when its time is over', async ({
    openScene,
  }) => {
    const scene = await openScene();
    // 3.6 s
    const handle = await keptDrill(scene, 0.001);
    expect(scene.journal.proven).toHaveLength(1);
    expect(scene.journal.ended).toContain('leaveScene documents');
    expect(scene.journal.ended).not.toContain('closeScene');
    const report = (await handle.result()) as RunProgress;
    expect(report).toMatchObject({ phase: 'passed', verdict: 'pass' });
    expect(report.steps.find(({ id }) => id === 'keep-scene')?.summary).toMatch(/no restore promoted it/);
    expect(scene.journal.ended).toContain('closeScene');
    expect(scene.journal.proven).toHaveLength(1);
  });

  test('is promoted: only the swap is left; the scene is closed when the restore needs it no more', async ({
    openScene,
  }) => {
    const scene = await openScene();
    const drill = await keptDrill(scene);
    const restored = (await (await scene.start('restore', { promote: drill.workflowId })).result()) as RunProgress;
    expect(restored).toMatchObject({ phase: 'passed', verdict: 'pass' });
    expect(restored.steps.filter(({ scene: there }) => there)).toEqual([]);
    const rehearsed = (await drill.result()) as RunProgress;
    expect(rehearsed.steps.find(({ id }) => id === 'keep-scene')?.summary).toBe(`promoted by ${restored.run}`);
    const { ended } = scene.journal;
    expect(ended.filter((what) => what.startsWith('restoreIndices'))).toEqual(['restoreIndices documents']);
    expect(ended.indexOf('closeScene')).toBeGreaterThan(ended.indexOf('adoptVolume demo_es-data'));
  });

  test('a restore that gives up leaves it kept, for the next one', async ({ openScene }) => {
    let broken = true;
    const scene = await openScene({
      onStep: (what) => {
        if (broken && what === 'stopService api') throw refusal('PreflightRefused', 'it does not stop');
        return undefined;
      },
    });
    const drill = await keptDrill(scene);
    const first = await scene.start('restore', { promote: drill.workflowId });
    expect(await failureOf(first)).toMatchObject({ type: 'PreflightRefused' });
    expect(scene.journal.ended).not.toContain('closeScene');
    broken = false;
    const next = await scene.start('restore', { promote: drill.workflowId }, '2');
    expect(await next.result()).toMatchObject({ phase: 'passed' });
    expect(((await drill.result()) as RunProgress).phase).toBe('passed');
  });

  test('a restore that is terminated in the middle does not keep it for ever', async ({ openScene }) => {
    const scene = await openScene({
      onStep: async (what) => {
        if (what === 'stopService api') await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
        return undefined;
      },
    });
    const drill = await keptDrill(scene, 0.002);
    const restore = await scene.start('restore', { promote: drill.workflowId });
    const stops = ({ steps }: RunProgress) => steps.some(({ id, status }) => id === 'stop-api' && status === 'running');
    await until(restore, stops, 'stops services');
    await restore.terminate('by the test');
    expect(((await drill.result()) as RunProgress).phase).toBe('passed');
    expect(await isLocked(scene)).toBe(false);
  });

  test('cancelled, it closes its scene; promoted after its end, the restore is refused and nothing is touched', async ({
    openScene,
  }) => {
    const scene = await openScene();
    const drill = await keptDrill(scene);
    await drill.cancel();
    await drill.result().catch(() => undefined);
    expect(scene.journal.ended).toContain('closeScene');
    const restore = await scene.start('restore', { promote: drill.workflowId });
    expect(await failureOf(restore)).toMatchObject({ type: 'PreflightRefused' });
    expect(await progressOf(restore)).toMatchObject({ phase: 'refused' });
    expect(scene.journal.began.filter((what) => what.startsWith('stopService api'))).toEqual([]);
  });
});
