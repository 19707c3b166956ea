import { expectAlive, expectPassed, quarantined, useScenario } from '../harness/index.ts';

const scenario = useScenario();
const ids: string[] = [];

async function createSchedule(scheduleId: string): Promise<void> {
  const { client, platform, environment } = scenario;
  await client.schedule.create({
    scheduleId,
    spec: { intervals: [{ every: '30 days' }] },
    action: {
      type: 'startWorkflow',
      workflowType: 'backup',
      taskQueue: environment['REKINDLE_TASK_QUEUE']!,
      args: [{ platform: platform.project }],
    },
  });
  ids.push(scheduleId);
}

const stateOf = async (id: string) => {
  const { paused, note = '' } = (await scenario.client.schedule.getHandle(id).describe()).state;
  return { paused, note };
};

let nightly: string;
let weekly: string;
let foreign: string;

beforeAll(async () => {
  const { project } = scenario.platform;
  [nightly, weekly, foreign] = [`rekindle/${project}/nightly`, `rekindle/${project}/weekly`, `${project}-foreign`];
  for (const id of [nightly, weekly, foreign]) await createSchedule(id);
  await scenario.client.schedule.getHandle(weekly).pause('paused by Anna');
});

afterAll(async () => {
  for (const id of ids) await scenario.client.schedule.getHandle(id).delete();
});

test('schedules are paused while a restore runs, and only those that it paused are resumed', async () => {
  const { platform, rekindle, startWorker, openRun, until } = scenario;
  const earlier = await quarantined(platform.project);
  await startWorker();
  const restore = rekindle(['restore', platform.project, '--yes', '--volumes', 'remove', '--json']);
  const run = await openRun('restore');
  await until(run, 'starts the data services', ({ steps }) =>
    steps.some(({ id, status }) => id === 'start-elasticsearch' && status !== 'waiting'),
  );
  expect(await stateOf(nightly)).toMatchObject({ paused: true, note: expect.stringContaining(run) as string });
  expect(await stateOf(weekly)).toEqual({ paused: true, note: 'paused by Anna' });
  expect(await stateOf(foreign)).toMatchObject({ paused: false });

  const report = await expectPassed(scenario, await restore);
  expect(await stateOf(nightly)).toMatchObject({ paused: false });
  expect(await stateOf(weekly)).toEqual({ paused: true, note: 'paused by Anna' });

  // The same restore was asked to remove the old volumes: the disk is back at once.
  expect(report.steps.filter(({ action }) => action === 'removeVolume')).toHaveLength(3);
  expect(await quarantined(platform.project)).toEqual(earlier);
  await expectAlive(scenario);
});
