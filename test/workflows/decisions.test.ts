import type { WorkflowHandle } from '@temporalio/client';
import type { Choice, RunProgress } from '../../domain/runs/progress.ts';
import { decide } from '../../workflows/messages.ts';
import { whollyGone } from '../demo-situation.ts';
import { refusal } from './fake-platform.ts';
import {
  failureOf,
  finishDespiteCancellation,
  gate,
  inPhase,
  isLocked,
  progressOf,
  test,
  until,
  untilCancelled,
} from './scene.ts';

const say = (handle: WorkflowHandle, step: string, choice: Choice) =>
  handle.executeUpdate(decide, { args: [{ step, choice, by: 'ann' }] });
const statusOf = ({ steps }: RunProgress, id: string) => steps.find((step) => step.id === id)?.status;
const wasCancelled = (handle: WorkflowHandle) =>
  handle.result().then(
    () => false,
    (error: unknown) => (error as { cause?: Error }).cause?.name === 'CancelledFailure',
  );

/** Fails once, or always, at one step. */
const failsAt = (step: string, times = Infinity) => {
  return (what: string, attempt: number) => {
    if (what === step && attempt <= times) throw refusal('ContainerFailed', 'it broke');
    return undefined;
  };
};

/** The services that were started again, in that order. */
const undone = [
  'startService elasticsearch',
  'startService zookeeper',
  'startService api',
  'startService job-executor',
];

describe('a failure before the point of no return', () => {
  test('asks nobody: what was done is undone in reverse, the verdict is fail', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('stopService api') });
    const handle = await scene.start('restore');
    expect(await failureOf(handle)).toMatchObject({ type: 'ContainerFailed', message: 'it broke' });
    const progress = await progressOf(handle);
    expect(progress).toMatchObject({ phase: 'failed', verdict: 'fail', pendingDecisions: [], decisions: [] });
    const after = scene.journal.ended.slice(scene.journal.ended.indexOf('stopService job-executor') + 1);
    // The failed stop too: it may have done half of its work.
    expect(after).toEqual([
      'startService api',
      'startService job-executor',
      'startService job-distributor',
      'forgetDeployment',
      'resumeSchedules',
    ]);
    expect(statusOf(progress, 'stop-job-executor')).toBe('undone');
    expect(progress.pointOfNoReturn?.passedAt).toBeUndefined();
    expect(await isLocked(scene)).toBe(false);
  });

  test('an undo that fails is reported, and the others are still done', async ({ openScene }) => {
    const scene = await openScene({
      onStep(what) {
        if (what === 'stopService api' || what === 'startService job-executor') throw refusal('ContainerFailed', what);
        return undefined;
      },
    });
    const handle = await scene.start('restore');
    await failureOf(handle);
    const { checks } = await progressOf(handle);
    expect(checks).toContainEqual(
      expect.objectContaining({ name: 'undo stop-job-executor', verdict: 'fail', remedy: 'Repair the test' }),
    );
    expect(scene.journal.ended).toEqual(expect.arrayContaining(['startService job-distributor', 'resumeSchedules']));
    // Whoever goes on by hand needs what was recorded.
    expect(scene.journal.began).not.toContain('forgetDeployment');
  });

  test('the repeated preflight refuses: nothing was stopped', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('repeatPreflight') });
    await failureOf(await scene.start('restore'));
    expect(scene.journal.began).toEqual(['pauseSchedules', 'repeatPreflight', 'resumeSchedules']);
  });
});

describe('a failure after the point of no return', () => {
  test('waits for a decision; retry goes on to the end', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('restoreIndices documents', 1) });
    const handle = await scene.start('restore');
    const { pendingDecisions } = await inPhase(handle, 'waiting for decision');
    expect(pendingDecisions).toMatchObject([
      { step: 'restore-documents', failure: { kind: 'ContainerFailed', message: 'it broke' } },
    ]);
    expect(pendingDecisions[0]?.choices.map(({ choice }) => choice)).toEqual(['retry', 'abort', 'rollback']);
    await expect(say(handle, 'restore-documents', 'skip')).rejects.toThrow();
    await say(handle, 'restore-documents', 'retry');
    const report = (await handle.result()) as RunProgress;
    expect(report).toMatchObject({ phase: 'passed', verdict: 'pass', pendingDecisions: [] });
    expect(report.decisions).toMatchObject([{ step: 'restore-documents', choice: 'retry', by: 'ann' }]);
  });

  test('asks again when the retry fails, too', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('restoreIndices documents', 2) });
    const handle = await scene.start('restore');
    await inPhase(handle, 'waiting for decision');
    await say(handle, 'restore-documents', 'retry');
    await until(handle, ({ decisions, phase }) => decisions.length === 1 && phase === 'waiting for decision');
    await say(handle, 'restore-documents', 'retry');
    expect(await handle.result()).toMatchObject({ verdict: 'pass', decisions: [{}, {}] });
  });

  test('a step that can be left out may be skipped; the verdict is then not pass', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('captureDeployment') });
    const handle = await scene.start('restore');
    await until(handle, ({ pendingDecisions }) => pendingDecisions.some(({ step }) => step === 'fresh-backup'));
    await say(handle, 'fresh-backup', 'skip');
    expect((await failureOf(handle)).type).toBe('VerificationFailed');
    const progress = await progressOf(handle);
    expect(progress).toMatchObject({ phase: 'failed', verdict: 'fail' });
    expect(statusOf(progress, 'fresh-backup')).toBe('skipped');
    expect(scene.journal.proven).toEqual([]);
  });

  test('abort ends the run, leaves all as it is, and frees the platform', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('restoreIndices documents') });
    const handle = await scene.start('restore');
    await inPhase(handle, 'waiting for decision');
    await say(handle, 'restore-documents', 'abort');
    expect(await failureOf(handle)).toMatchObject({ type: 'ContainerFailed' });
    expect(await progressOf(handle)).toMatchObject({ phase: 'failed', verdict: 'fail' });
    expect(scene.journal.ended.some((what) => what.startsWith('returnVolume'))).toBe(false);
    expect(scene.journal.ended).not.toContain('startService api');
    expect(await isLocked(scene)).toBe(false);
  });

  test('abort stops a neighbour that still works', async ({ openScene }) => {
    const scene = await openScene({
      onStep: async (what) => {
        if (what === 'quarantineVolume demo_zk-log') throw refusal('VolumeRefused');
        if (what === 'quarantineVolume demo_es-data') return untilCancelled();
        return undefined;
      },
    });
    const handle = await scene.start('restore');
    await inPhase(handle, 'waiting for decision');
    await say(handle, 'quarantine-demo_zk-log', 'abort');
    expect((await failureOf(handle)).type).toBe('VolumeRefused');
    expect(scene.journal.ended).not.toContain('quarantineVolume demo_es-data');
  });

  test('on a platform that was completely gone as well: a rollback would only discard work', async ({ openScene }) => {
    const scene = await openScene({
      situation: { observed: whollyGone() },
      onStep: failsAt('startService zookeeper', 1),
    });
    const handle = await scene.start('restore');
    await inPhase(handle, 'waiting for decision');
    await say(handle, 'start-zookeeper', 'retry');
    expect(await handle.result()).toMatchObject({ verdict: 'pass' });
  });
});

describe('a cancellation', () => {
  test('before the point of no return undoes what was done, under the lock', async ({ openScene }) => {
    const undoing = gate();
    const scene = await openScene({
      onStep: async (what) => {
        if (what === 'stopService api') return untilCancelled();
        if (what === 'startService job-executor') await undoing.passed;
        return undefined;
      },
    });
    const handle = await scene.start('restore');
    await until(handle, (progress) => statusOf(progress, 'stop-api') === 'running');
    await handle.cancel();
    await inPhase(handle, 'undoing');
    await until(handle, () => scene.journal.began.includes('startService job-executor'));
    expect(await isLocked(scene)).toBe(true);
    undoing.open();
    expect(await wasCancelled(handle)).toBe(true);
    expect(scene.journal.ended).toEqual(
      expect.arrayContaining(['startService api', 'startService job-executor', 'resumeSchedules']),
    );
    const progress = await progressOf(handle);
    expect(progress.phase).toBe('cancelled');
    expect(progress.failure?.message).not.toContain('bug in Rekindle');
    expect(progress.failure?.remedy).not.toContain('bug in Rekindle');
    expect(scene.journal.reports.at(-1)).toMatchObject({ phase: 'cancelled' });
    expect(await isLocked(scene)).toBe(false);
  });

  test('while the last stop is being finished starts everything again', async ({ openScene }) => {
    const scene = await openScene({
      onStep: async (what) => {
        if (what === 'stopService zookeeper') await finishDespiteCancellation();
        return undefined;
      },
    });
    const handle = await scene.start('restore');
    await until(
      handle,
      (progress) =>
        statusOf(progress, 'stop-zookeeper') === 'running' && statusOf(progress, 'stop-elasticsearch') === 'done',
    );
    await handle.cancel();
    expect(await wasCancelled(handle)).toBe(true);
    expect((await progressOf(handle)).pointOfNoReturn?.passedAt).toBeUndefined();
    expect(scene.journal.ended).toEqual(expect.arrayContaining(undone));
    expect(scene.journal.began.some((what) => what.startsWith('quarantine'))).toBe(false);
  });

  test('after the point of no return stops where it is; nothing is undone', async ({ openScene }) => {
    const scene = await openScene({
      onStep: async (what) => (what === 'restoreIndices documents' ? untilCancelled() : undefined),
    });
    const handle = await scene.start('restore');
    await until(handle, (progress) => statusOf(progress, 'restore-documents') === 'running');
    await handle.cancel();
    expect(await wasCancelled(handle)).toBe(true);
    expect(await progressOf(handle)).toMatchObject({ phase: 'cancelled', verdict: 'fail' });
    expect(scene.journal.ended.some((what) => what.startsWith('returnVolume'))).toBe(false);
    expect(scene.journal.ended).not.toContain('startService api');
    expect(await isLocked(scene)).toBe(false);
  });

  test('while a decision is awaited ends the run; it no longer waits', async ({ openScene }) => {
    const scene = await openScene({ onStep: failsAt('restoreIndices documents') });
    const handle = await scene.start('restore');
    await inPhase(handle, 'waiting for decision');
    await handle.cancel();
    expect(await wasCancelled(handle)).toBe(true);
    expect(await progressOf(handle)).toMatchObject({ phase: 'cancelled', pendingDecisions: [] });
  });

  test('while approval is awaited touches nothing', async ({ openScene }) => {
    const scene = await openScene({ policy: { approval: 'required' } });
    const handle = await scene.start('restore');
    await inPhase(handle, 'waiting for approval');
    await handle.cancel();
    expect(await wasCancelled(handle)).toBe(true);
    expect((await progressOf(handle)).phase).toBe('cancelled');
    expect(scene.journal.began).toEqual([]);
    expect(await isLocked(scene)).toBe(false);
  });
});
