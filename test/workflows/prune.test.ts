import type { RunProgress } from '../../domain/runs/progress.ts';
import { refusal } from './fake-platform.ts';
import { failureOf, gate, inPhase, isLocked, progressOf, test, until } from './scene.ts';

const removals = (...ids: string[]) => ids.map((id) => ({ id, snapshots: { documents: `snapshot.${id}` } }));

describe('a prune', () => {
  test('marks, deletes the snapshots, removes the objects, and frees the platform', async ({ openScene }) => {
    const scene = await openScene({ removals: () => removals('a', 'b') });
    const report = (await (await scene.start('prune')).result()) as RunProgress;
    expect(report).toMatchObject({ kind: 'prune', phase: 'passed', verdict: 'pass' });
    expect(scene.journal.ended).toEqual([
      'prepareStore documents',
      'markDeleting',
      'deleteSnapshots documents',
      'removePoints',
    ]);
    expect(scene.journal.reports).toMatchObject([{ kind: 'prune', verdict: 'pass' }]);
    expect(await isLocked(scene)).toBe(false);
  });

  test('nothing to remove is a pass that says so', async ({ openScene }) => {
    const { start, journal } = await openScene();
    const report = (await (await start('prune')).result()) as RunProgress;
    expect(report).toMatchObject({ phase: 'passed', steps: [], checks: [{ name: 'retention', evidence: '0 go' }] });
    expect(journal.began).toEqual([]);
  });

  test('interrupted by a step that fails: nobody is asked, nothing is undone, and the next one finishes', async ({
    openScene,
  }) => {
    let broken = true;
    const left = new Set(['a', 'b']);
    const { start, journal } = await openScene({
      removals: () => removals(...left),
      onStep(what) {
        if (what === 'deleteSnapshots documents' && broken) throw refusal('RepositoryRefused', 'it is read-only');
        if (what === 'removePoints') left.clear();
        return undefined;
      },
    });
    const first = await start('prune');
    expect(await failureOf(first)).toMatchObject({ type: 'RepositoryRefused', message: 'it is read-only' });
    expect(await progressOf(first)).toMatchObject({ phase: 'failed', verdict: 'fail' });
    expect(journal.began).not.toContain('removePoints');

    broken = false;
    const second = (await (await start('prune', {}, '2')).result()) as RunProgress;
    expect(second).toMatchObject({ phase: 'passed' });
    expect(journal.ended.at(-1)).toBe('removePoints');
    const third = (await (await start('prune', {}, '3')).result()) as RunProgress;
    expect(third.steps).toEqual([]);
  });

  for (const kind of ['restore', 'rebuild', 'backup'] as const)
    test(`is skipped, with a note, while a ${kind} holds the platform`, async ({ openScene }) => {
      const hold = gate();
      const holding = gate();
      const { start, journal } = await openScene({
        removals: () => removals('a'),
        async onStep() {
          holding.open();
          await hold.passed;
          return undefined;
        },
      });
      const holder = await start(kind);
      await holding.passed;
      const report = (await (await start('prune')).result()) as RunProgress;
      expect(report.phase).toBe('skipped');
      expect(report.note).toBe(`${holder.workflowId} holds ${report.platform}; nothing was pruned`);
      expect(journal.reports).toEqual([report]);
      hold.open();
      await holder.result();
    });

  test('a backup and a restore that meet it wait for its end', async ({ openScene }) => {
    const hold = gate();
    const { start, journal } = await openScene({
      removals: () => removals('a'),
      async onStep(what) {
        if (what === 'deleteSnapshots documents') await hold.passed;
        return undefined;
      },
    });
    const prune = await start('prune');
    await until(prune, ({ steps }) => steps.some(({ status }) => status === 'running'));
    const backup = await start('backup');
    const restore = await start('restore');
    for (const waiting of [backup, restore])
      expect((await inPhase(waiting, 'waiting for lock')).note).toBe(`waits for ${prune.workflowId} to end`);
    hold.open();
    expect(await prune.result()).toMatchObject({ phase: 'passed' });
    // Whichever comes first, the other one is not refused for the prune.
    await Promise.allSettled([backup.result(), restore.result()]);
    expect(journal.ended).toContain('publishRecoveryPoint');
  });

  test('cancelled: the step under way is finished, the rest stays for the next', async ({ openScene }) => {
    const hold = gate();
    const { start, journal } = await openScene({
      removals: () => removals('a'),
      async onStep(what) {
        if (what === 'markDeleting') await hold.passed;
        return undefined;
      },
    });
    const handle = await start('prune');
    await until(handle, ({ steps }) =>
      steps.some(({ action, status }) => action === 'markDeleting' && status === 'running'),
    );
    await handle.cancel();
    hold.open();
    await handle.result().catch(() => undefined);
    expect(await progressOf(handle)).toMatchObject({ phase: 'cancelled' });
    expect(journal.began).not.toContain('deleteSnapshots documents');
    expect(journal.reports).toHaveLength(1);
  });
});
