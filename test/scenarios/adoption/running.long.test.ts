import { loseEverything } from '../../../stack/disasters.ts';
import { expectAlive } from '../harness/index.ts';
import { cron, useRepositoryOfOthers } from './repository-of-others.ts';

const { scenario, variant, listed, rekindle, captureFor, restore } = useRepositoryOfOthers();

test('restored on a running platform: services are taken from what runs, counts are reported as unknown', async () => {
  await listed('--adopt');
  expect(await captureFor(cron)).toBe('before');
  await scenario.startWorker(variant.environment);
  const { recoveryPoint, checks } = await restore(cron);
  expect(recoveryPoint).toMatchObject({ id: cron, adopted: true });
  const evidence = checks.find(({ name }) => name === 'index nuvla-user')?.evidence;
  expect(evidence).toMatch(/^count not known, [\d,]+ documents found/);
  expect(checks.map(({ name }) => name)).not.toContain('global state');
  await expectAlive(scenario);
  const { points } = await listed();
  expect(points.find(({ id }) => id === cron)).toHaveProperty('provenAt');
});

test('without a capture and without services, preflight says what is missing and what to do', async () => {
  await variant.write(({ catalogue }) => Object.assign(catalogue as object, { prefix: 'adoption-alone' }));
  await listed('--adopt');
  await loseEverything(scenario.platform);
  const ended = await rekindle('restore', scenario.platform.project, '--point', cron, '--dry-run');
  expect(ended).toMatchObject({ exitCode: 3 });
  expect(ended.stdout).toMatch(/FAIL\s+recovery point .*no other recovery point has one/);
  expect(ended.stdout).toMatch(/not on the engine: job-distributor, job-executor, api, zookeeper, elasticsearch/);
  expect(ended.stdout).toContain(`docker-compose -p ${scenario.platform.project} up -d`);
});
