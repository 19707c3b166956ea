import { killService, stopService } from '../../../stack/disasters.ts';
import { engine } from '../../../stack/engine.ts';
import { removeContainers } from '../../../stack/removal.ts';
import { expectAlive, expectPassed, facts, restartPolicies, snapshotOfEngine, useScenario } from '../harness/index.ts';

const scenario = useScenario();

test('half gone: one data volume and some containers lost, others killed, stopped or still running', async () => {
  const { platform, rekindle } = scenario;
  const before = await snapshotOfEngine();
  await removeContainers(platform.project, ['elasticsearch', 'api', 'job-executor']);
  for (const name of platform.volumes.elasticsearch) await engine().getVolume(name).remove();
  await killService(platform, 'zookeeper');
  await stopService(platform, 'job-distributor');

  await scenario.startWorker();
  await expectPassed(
    scenario,
    await rekindle(['restore', platform.project, '--point', facts().point, '--yes', '--json']),
  );
  await expectAlive(scenario);

  const after = await snapshotOfEngine();
  expect(restartPolicies(after)).toEqual(restartPolicies(before));
  const kept = (part: string) => after.containers.find(({ name }) => name.includes(part))?.id;
  for (const part of ['zookeeper', 'job-distributor'])
    expect(kept(part)).toBe(before.containers.find(({ name }) => name.includes(part))?.id);
});
