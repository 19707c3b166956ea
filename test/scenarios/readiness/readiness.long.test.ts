import type { Readiness } from '../../../domain/readiness/readiness.ts';
import { waitFor } from '../../wait-for.ts';
import { expectPassed, useScenario } from '../harness/index.ts';

const scenario = useScenario();
const soon = { timeout: 20_000, interval: 500 };

test('readiness, evaluated on the living platform: shown at once, with a forecast that knows the restore', async () => {
  const { client, platform, environment, rekindle } = scenario;
  const { project } = platform;
  await scenario.startWorker();
  await expectPassed(scenario, await rekindle(['restore', project, '--yes', '--volumes', 'remove', '--json']));
  const found = (await client.workflow.execute('readiness', {
    taskQueue: environment['REKINDLE_TASK_QUEUE']!,
    workflowId: `readiness/${project}/scenario`,
    args: [{ platform: project }],
  })) as Readiness;
  expect(found).toMatchObject({ verdict: 'ready', unmet: [], point: { id: expect.any(String) as string } });
  expect(found.forecast?.basis).toMatch(/^from \d restores?/);
  const { exitCode, json } = await waitFor(async () => {
    // Temporal's list comes late.
    const ended = await rekindle(['check', project, '--last', '--json']);
    expect(ended.exitCode).toBe(0);
    return ended;
  }, soon);
  expect([exitCode, json]).toMatchObject([0, { platform: project, readiness: { verdict: 'ready', at: found.at } }]);
});
