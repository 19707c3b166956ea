import { loseEverything } from '../../../stack/disasters.ts';
import { expectAlive, expectPassed, facts, restartPolicies, snapshotOfEngine, useScenario } from '../harness/index.ts';

const scenario = useScenario();

interface DryRun {
  plan: { hash: string; steps: { action: string; arguments: Record<string, unknown> }[] };
  verdict: string;
}

test('everything removed, network included: the restore works from the capture alone', async () => {
  const { platform, rekindle } = scenario;
  const before = await snapshotOfEngine();
  await loseEverything(platform);

  // Temporal is not needed to see what would be done.
  const dry = await rekindle(['restore', platform.project, '--point', facts().point, '--dry-run', '--json'], {
    environment: { TEMPORAL_ADDRESS: '127.0.0.1:1' },
  });
  expect(dry).toMatchObject({ exitCode: 0, json: { verdict: 'pass' } });
  const { plan } = dry.json as DryRun;
  expect(plan.hash).toMatch(/^[0-9a-f]{64}$/);
  const named = (action: string, key: string) =>
    plan.steps.filter((step) => step.action === action).map((step) => step.arguments[key]);
  expect(named('createNetwork', 'network')).toEqual([platform.network]);
  expect(named('createVolume', 'volume').sort()).toEqual(before.volumes.map(({ name }) => name));
  const started = named('startService', 'containers') as { name: string }[][];
  expect(
    started
      .flat()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(before.containers.map(({ name }) => name).sort());

  await scenario.startWorker();
  const report = await expectPassed(
    scenario,
    await rekindle(['restore', platform.project, '--point', facts().point, '--yes', '--json']),
  );
  expect(report.planHash).toBe(plan.hash);

  await expectAlive(scenario);
  expect(restartPolicies(await snapshotOfEngine())).toEqual(restartPolicies(before));
});
