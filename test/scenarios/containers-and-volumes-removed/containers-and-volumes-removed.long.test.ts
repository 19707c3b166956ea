import { loseContainersAndVolumes } from '../../../stack/disasters.ts';
import {
  expectAlive,
  expectPassed,
  facts,
  pointsOf,
  restartPolicies,
  snapshotOfEngine,
  useScenario,
} from '../harness/index.ts';

const scenario = useScenario({ fresh: true });

test('containers and volumes removed: the restore brings all of it back', async () => {
  const before = await snapshotOfEngine();
  await loseContainersAndVolumes(scenario.platform);
  await scenario.startWorker();

  const report = await expectPassed(
    scenario,
    await scenario.rekindle(['restore', scenario.platform.project, '--yes', '--by', 'anna', '--json']),
  );
  expect(report).toMatchObject({ recoveryPoint: { id: facts().point }, approvals: [{ by: 'anna', how: 'caller' }] });
  // Every index counted, the closed one too.
  expect(report.checks.map(({ verdict }) => verdict)).not.toContain('fail');

  await expectAlive(scenario);
  const after = await snapshotOfEngine();
  expect(restartPolicies(after)).toEqual(restartPolicies(before));
  expect(after.networks).toEqual(before.networks);
  expect(after.volumes.map(({ name }) => name)).toEqual(before.volumes.map(({ name }) => name));

  const points = await pointsOf(scenario);
  expect(points).toHaveLength(2);
  expect(points.find(({ id }) => id === facts().point)?.provenAt).toBeDefined();
  expect(points.find(({ id }) => id !== facts().point)?.provenAt).toBeUndefined();
});
