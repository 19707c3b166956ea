import { downtimeOf } from '../../domain/runs/downtime.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { decide } from '../../workflows/messages.ts';
import { refusal } from './fake-platform.ts';
import { failureOf, inPhase, isLocked, progressOf, test, until, untilCancelled } from './scene.ts';

const failsAt = (step: string) => (what: string) => {
  if (what === step) throw refusal('VerificationFailed', 'an index lacks a document');
  return undefined;
};

describe('a restore beside the platform', () => {
  test('passes: everything in the scene ends before the first stop, and the scene is closed last', async ({
    openScene,
  }) => {
    const { start, journal } = await openScene();
    const report = (await (await start('restore', { beside: true })).result()) as RunProgress;
    expect(report).toMatchObject({ kind: 'restore', phase: 'passed', verdict: 'pass' });
    const at = (what: string) => journal.ended.indexOf(what);
    expect(at('verifyIndices documents beside')).toBeGreaterThan(at('openScene beside'));
    expect(at('stopService api')).toBeGreaterThan(at('stopService elasticsearch beside'));
    expect(at('adoptVolume demo_es-data')).toBeGreaterThan(at('quarantineVolume demo_es-data'));
    expect(journal.ended.filter((what) => what.startsWith('restoreIndices'))).toEqual([
      'restoreIndices documents beside',
    ]);
    expect(journal.ended).toContain('verifyIndices documents');
    expect(journal.ended).toContain('closeScene beside');
    expect(journal.proven).toContain(report.recoveryPoint?.id);
    const scenic = report.steps.filter(({ scene }) => scene).map(({ action }) => action);
    expect(scenic).toEqual(expect.arrayContaining(['openScene', 'restoreIndices', 'leaveScene', 'closeScene']));
  });

  test('a failure in the scene asks nobody and stops nothing: the scene is closed, schedules go on', async ({
    openScene,
  }) => {
    const scene = await openScene({ onStep: failsAt('verifyIndices documents beside') });
    const handle = await scene.start('restore', { beside: true });
    expect(await failureOf(handle)).toMatchObject({ type: 'VerificationFailed' });
    const { journal } = scene;
    expect(journal.began.filter((what) => what.startsWith('stopService'))).toEqual([]);
    expect(journal.ended).toContain('closeScene beside');
    expect(journal.ended).toContain('resumeSchedules');
    const progress = await progressOf(handle);
    expect(progress.decisions).toEqual([]);
    expect(downtimeOf(progress, 0)).toBeUndefined();
    expect(await isLocked(scene)).toBe(false);
  });

  test('cancelled while the scene is filled, it ends as cancelled, with the platform as it was', async ({
    openScene,
  }) => {
    const scene = await openScene({
      onStep: (what) => (what === 'restoreIndices documents beside' ? untilCancelled() : undefined),
    });
    const handle = await scene.start('restore', { beside: true });
    await until(handle, ({ steps }) =>
      steps.some(({ action, status }) => action === 'restoreIndices' && status === 'running'),
    );
    await handle.cancel();
    await handle.result().catch(() => undefined);
    expect(await progressOf(handle)).toMatchObject({ phase: 'cancelled' });
    expect(scene.journal.ended).toContain('closeScene beside');
    expect(scene.journal.began.filter((what) => what.startsWith('stopService'))).toEqual([]);
  });

  test('what fails once the old data is aside is asked, and the way back is that of every restore', async ({
    openScene,
  }) => {
    const scene = await openScene({ onStep: failsAt('adoptVolume demo_es-data') });
    const handle = await scene.start('restore', { beside: true });
    const { pendingDecisions } = await inPhase(handle, 'waiting for decision');
    expect(pendingDecisions[0]?.choices.map(({ choice }) => choice)).toEqual(['retry', 'abort', 'rollback']);
    await handle.executeUpdate(decide, { args: [{ step: 'adopt-demo_es-data', choice: 'rollback', by: 'ann' }] });
    expect(await failureOf(handle)).toMatchObject({ type: 'RolledBack' });
    const { ended } = scene.journal;
    expect(ended).toContain('returnVolume demo_es-data');
    expect(ended.indexOf('closeScene beside')).toBeGreaterThan(ended.indexOf('returnVolume demo_es-data'));
  });

  test('a retry of what failed after the swap fills no scene again', async ({ openScene }) => {
    const scene = await openScene({
      onStep: (what, attempt) => {
        if (what === 'verifyIndices documents' && attempt === 1) throw refusal('VerificationFailed');
        return undefined;
      },
    });
    const handle = await scene.start('restore', { beside: true });
    await inPhase(handle, 'waiting for decision');
    await handle.executeUpdate(decide, { args: [{ step: 'verify-documents', choice: 'retry', by: 'ann' }] });
    expect(((await handle.result()) as RunProgress).phase).toBe('passed');
    const { began } = scene.journal;
    for (const once of ['openScene beside', 'restoreIndices documents beside', 'adoptVolume demo_es-data'])
      expect(began.filter((what) => what === once)).toEqual([once]);
  });
});
