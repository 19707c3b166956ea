import type { WorkflowHandle } from '@temporalio/client';
import { startRun } from '../../client/runs.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { StartedBy } from '../../domain/runs/started-by.ts';
import { waitFor } from '../wait-for.ts';
import { approve } from '../../workflows/messages.ts';
import { detailsOf, inPhase, test, type Scene } from './scene.ts';

const ways: Record<string, (scene: Scene) => Promise<WorkflowHandle>> = {
  'Temporal UI': ({ start }) => start('restore'),
  'command line': (scene) => started(scene, { how: 'command line', name: 'ann@laptop' }),
  page: (scene) => started(scene, { how: 'page', name: 'ann' }),
  incident: (scene) => started(scene, { how: 'incident', name: 'incident/p-1' }),
  schedule: byAPersonsSchedule,
};

const started = ({ client, taskQueue, platform }: Scene, startedBy: StartedBy) =>
  startRun(client, 'restore', taskQueue, { platform, startedBy });

/** A plain schedule, as people make one in the Temporal UI: it knows nothing of who starts what. */
async function byAPersonsSchedule({ client, taskQueue, platform }: Scene): Promise<WorkflowHandle> {
  const schedule = await client.schedule.create({
    scheduleId: `nightly-${platform}`,
    spec: {},
    action: {
      type: 'startWorkflow',
      workflowType: 'restore',
      workflowId: `restore/${platform}`,
      taskQueue,
      args: [{ platform }],
    },
  });
  await schedule.trigger();
  const id = await waitFor(async () => {
    const [action] = (await schedule.describe()).info.recentActions;
    if (action?.action.type !== 'startWorkflow') throw new Error('not started yet');
    return action.action.workflow.workflowId;
  });
  await schedule.delete();
  return client.workflow.getHandle(id);
}

/** Of a run's report what may not differ: all but ids, times, and who started it. */
const lasting = ({ kind, verdict, recoveryPoint, planHash, steps, checks, decisions, quarantine }: RunProgress) => ({
  kind,
  verdict,
  recoveryPoint,
  planHash,
  steps: steps.map(({ id, action, title, status, summary }) => ({ id, action, title, status, summary })),
  checks,
  decisions,
  kept: quarantine?.volumes,
});

test('one restore started in five ways: the same plan and report but for who started it', async ({ openScene }) => {
  const scene = await openScene({ policy: { approval: 'required' } });
  const reports: RunProgress[] = [];
  for (const start of Object.values(ways)) {
    const handle = await start(scene);
    const { planHash = '' } = await inPhase(handle, 'waiting for approval');
    await handle.executeUpdate(approve, { args: [{ planHash, by: 'ann' }] });
    reports.push((await handle.result()) as RunProgress);
    expect(await detailsOf(handle)).toContain('Started ');
    await scene.client.workflow.getHandle(reports.at(-1)?.quarantine?.workflow ?? '').terminate('the next one comes');
  }
  expect(reports.map(({ startedBy }) => startedBy)).toEqual([
    { how: 'temporal ui' },
    { how: 'command line', name: 'ann@laptop' },
    { how: 'page', name: 'ann' },
    { how: 'incident', name: 'incident/p-1' },
    { how: 'schedule', name: `nightly-${scene.platform}` },
  ]);
  const [first, ...others] = reports.map(lasting);
  for (const other of others) expect(other).toEqual(first);
  expect(scene.journal.reports.filter(({ kind }) => kind === 'restore').map((report) => lasting(report))).toEqual(
    reports.map(() => first),
  );
}, 600_000);

test('what a run starts was started by whoever started the run', async ({ openScene }) => {
  const scene = await openScene();
  const run = await started(scene, { how: 'page', name: 'ann' });
  const { quarantine } = (await run.result()) as RunProgress;
  const kept = await inPhase(scene.client.workflow.getHandle(quarantine?.workflow ?? ''), 'quarantined');
  expect(kept.startedBy).toEqual({ how: 'page', name: 'ann' });
  const backup = scene.journal.reports.find(({ kind }) => kind === 'backup');
  expect(backup?.startedBy).toEqual({ how: 'page', name: 'ann' });
  await scene.client.workflow.getHandle(kept.run).terminate('the test is over');
});

test('a proposal waits for approval, whatever the platform file and its own input say', async ({ openScene }) => {
  const { start, journal } = await openScene({ policy: { approval: 'none' } });
  const handle = await start('restore', {
    startedBy: { how: 'incident', name: 'incident/p-1' },
    approvedBy: 'incident/p-1',
  });
  const waiting = await inPhase(handle, 'waiting for approval');
  expect(waiting.approvals).toEqual([]);
  expect(journal.began).toEqual([]);
  await handle.executeUpdate(approve, { args: [{ planHash: waiting.planHash ?? '', by: 'ann' }] });
  expect(await handle.result()).toMatchObject({ verdict: 'pass', approvals: [{ by: 'ann', how: 'update' }] });
});
