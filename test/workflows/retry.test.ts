import type { WorkflowHandle } from '@temporalio/client';
import type { Choice, RunProgress } from '../../domain/runs/progress.ts';
import { decide } from '../../workflows/messages.ts';
import { refusal } from './fake-platform.ts';
import { inPhase, test, until } from './scene.ts';

const say = (handle: WorkflowHandle, step: string, choice: Choice) =>
  handle.executeUpdate(decide, { args: [{ step, choice, by: 'ann' }] });
const timesIn = (list: string[], what: string) => list.filter((one) => one === what).length;

describe('a container that was removed after it was up', () => {
  test('the choice names the step that a retry goes on from, and a retry makes it anew', async ({ openScene }) => {
    let removed = false;
    const scene = await openScene({
      onStep(what, attempt) {
        if (what === 'startService elasticsearch') removed = false;
        if (what !== 'restoreIndices documents') return undefined;
        removed ||= attempt === 1;
        if (removed) throw refusal('ServiceNotFound', 'the service "elasticsearch" has no container');
        return undefined;
      },
      overrides: {
        findGone: ({ services }) =>
          Promise.resolve({
            steps: services.map(({ step }) => step).filter((id) => removed && id === 'start-elasticsearch'),
            data: false,
          }),
      },
    });
    const handle = await scene.start('restore');
    const { pendingDecisions } = await inPhase(handle, 'waiting for decision');
    expect(pendingDecisions[0]).toMatchObject({ step: 'restore-documents', from: 'start-elasticsearch' });
    expect(pendingDecisions[0]?.failure.remedy).toContain('what start-elasticsearch had made');
    expect(pendingDecisions[0]?.choices[0]?.meaning).toContain('go on from start-elasticsearch');
    const before = scene.journal.ended.length;
    await say(handle, 'restore-documents', 'retry');
    expect(await handle.result()).toMatchObject({ verdict: 'pass' });
    expect(scene.journal.ended.slice(before, before + 4)).toEqual([
      'startService elasticsearch',
      'awaitStore documents',
      'configureRepository documents',
      'restoreIndices documents',
    ]);
    expect(timesIn(scene.journal.ended, 'startService zookeeper')).toBe(1);
  });

  test('what cannot be made anew is asked about again', async ({ openScene }) => {
    const gone = { steps: ['start-elasticsearch'], data: false };
    const scene = await openScene({
      onStep(what, attempt) {
        if (what === 'restoreIndices documents') throw refusal('ServiceNotFound', 'gone');
        if (what === 'startService elasticsearch' && attempt > 1) throw refusal('ImageMissing', 'its image is gone');
        return undefined;
      },
      overrides: { findGone: () => Promise.resolve(gone) },
    });
    const handle = await scene.start('restore');
    await inPhase(handle, 'waiting for decision');
    await say(handle, 'restore-documents', 'retry');
    const { steps } = await until(
      handle,
      ({ pendingDecisions }) => pendingDecisions[0]?.failure.message === 'its image is gone',
    );
    expect(steps.find(({ id }) => id === 'start-elasticsearch')).toMatchObject({ status: 'failed' });
  });
});

test('one decision answers all steps that failed for one cause', async ({ openScene }) => {
  const scene = await openScene({
    onStep(what, attempt) {
      if (['startService elasticsearch', 'startService zookeeper'].includes(what) && attempt === 1)
        throw refusal('ContainerFailed', 'the engine refuses');
      return undefined;
    },
  });
  const handle = await scene.start('restore');
  await until(handle, ({ pendingDecisions }) => pendingDecisions.length === 2);
  await say(handle, 'start-zookeeper', 'retry');
  const report = (await handle.result()) as RunProgress;
  expect(report).toMatchObject({ verdict: 'pass' });
  expect(report.decisions.map(({ step, choice }) => `${choice} ${step}`).toSorted()).toEqual([
    'retry start-elasticsearch',
    'retry start-zookeeper',
  ]);
});
