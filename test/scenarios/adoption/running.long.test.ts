import { expectAlive } from '../harness/index.ts';
import { cron, useRepositoryOfOthers } from './repository-of-others.ts';

const { scenario, variant, listed, captureFor, restore } = useRepositoryOfOthers();

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
