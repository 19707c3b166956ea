import { loseEverything } from '../../../stack/disasters.ts';
import { expecting } from '../../expecting.ts';
import { expectAlive, expectPassed, leftOfDrills, useScenario, useVariant } from '../harness/index.ts';
import { storesBeside, type StoresBeside } from './services.ts';

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
let stores: StoresBeside;
let point = '';
let content = '';

const rekindle = (...args: string[]) =>
  scenario.rekindle(args, { environment: variant.environment, withinSeconds: 500 });

beforeAll(async () => {
  stores = await storesBeside(scenario.platform, variant);
  content = await stores.content();
}, 300_000);
afterAll(async () => {
  await stores.lose();
  await scenario.spoil();
});

test('MariaDB, Redis, etcd, a volume and what commands export are in one point', async () => {
  const { project } = scenario.platform;
  await scenario.startWorker(variant.environment);
  const valid = await rekindle('validate', project);
  expecting(valid.exitCode, valid.stdout + valid.stderr).toBe(0);
  const report = await expectPassed(scenario, await rekindle('backup', project, '--json'));
  point = report.recoveryPoint?.id ?? '';
  const { stdout } = await rekindle('points', project, '--point', point);
  for (const store of ['accounts', 'sessions', 'coordination', 'uploads', 'policy'])
    expect(stdout).toContain(`Store ${store}:`);
}, 600_000);

test('everything is lost: all of them come back with the rest', async () => {
  const { platform } = scenario;
  await stores.lose();
  await loseEverything(platform);
  const restored = await rekindle('restore', platform.project, '--point', point, '--yes', '--json');
  await expectPassed(scenario, restored);
  expect(await stores.content()).toBe(content);
  await expectAlive(scenario);
}, 600_000);

test('a drill restores and compares each of them next to the platform, and leaves nothing', async () => {
  const { project } = scenario.platform;
  const report = await expectPassed(scenario, await rekindle('drill', project, '--point', point, '--json'));
  const compared = report.steps.filter(({ action, status }) => action === 'compareStore' && status === 'done');
  expect(compared).toHaveLength(5);
  expect(await leftOfDrills(project)).toEqual([]);
}, 600_000);
