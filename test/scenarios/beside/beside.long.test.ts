import { exitCodes } from '../../../cli/exit-codes.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { engineNow } from '../faults-tools/message.ts';
import {
  expectAlive,
  expectPassed,
  facts,
  leftOfDrills,
  quarantined,
  restartPolicies,
  useScenario,
  useVariant,
} from '../harness/index.ts';

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
afterAll(() => scenario.spoil());
beforeAll(() => variant.write(() => undefined));

const command = () => ['restore', scenario.platform.project, '--beside', '--point', facts().point, '--yes', '--json'];
const isRunning = (action: string) => (progress: RunProgress) =>
  progress.steps.some((step) => step.action === action && step.status === 'running');

/** Seconds: the scene's server has one processor, and on a busy machine takes minutes to start. */
const slowly = 300;

async function write(id: string): Promise<void> {
  await withElasticsearch(scenario.platform, (client) =>
    client.index({ index: 'nuvla-event', id, document: { id }, refresh: true }),
  );
}

const isThere = (id: string) =>
  withElasticsearch(scenario.platform, (client) => client.exists({ index: 'nuvla-event', id }));

/** A restore that is in the middle of filling its scene, slowly. */
async function filling() {
  await variant.write(({ stores }) => (stores[0]!['restoreThrottle'] = '1mb'));
  const ended = scenario.rekindle(command(), { environment: variant.environment, withinSeconds: 2 * slowly });
  const run = await scenario.openRun('restore');
  await scenario.until(run, 'restores indices', isRunning('restoreIndices'), slowly);
  return { run, ended };
}

test('the worker is killed while the scene is filled, and again in the middle of the swap: it goes on and passes', async () => {
  const first = await scenario.startWorker(variant.environment);
  const { run, ended } = await filling();
  await first.kill();
  const second = await scenario.startWorker(variant.environment);
  // A rename is over before anybody has looked; what follows it takes its time.
  const hasMovedIn = ({ steps }: RunProgress) =>
    steps.some(({ action, status }) => action === 'adoptVolume' && status === 'done');
  await scenario.until(run, 'swaps', hasMovedIn, slowly);
  await second.kill();
  const third = await scenario.startWorker(variant.environment);
  const { steps } = await expectPassed(scenario, await ended);
  expect(steps.find(({ action }) => action === 'adoptVolume')?.summary).toMatch(/holds the data of rekindle-drill-/);
  await expectAlive(scenario);
  expect(await leftOfDrills(scenario.platform.project)).toEqual([]);
  await third.kill();
}, 900_000);

test('rolled back after the swap: what was written after the recovery point is back, what was swapped in is kept', async () => {
  const { platform, rekindle } = scenario;
  await variant.write(() => undefined);
  const worker = await scenario.startWorker(variant.environment);
  await write('late');
  const before = await engineNow();
  const { run } = await expectPassed(
    scenario,
    await rekindle(command(), { environment: variant.environment, withinSeconds: slowly }),
  );
  expect(await isThere('late')).toBe(false);
  const back = await rekindle(['rollback', run, '--by', 'ann'], { environment: variant.environment });
  expect(back).toMatchObject({ exitCode: exitCodes.passed });
  expect(await isThere('late')).toBe(true);
  const after = await engineNow();
  expect(restartPolicies(after)).toEqual(restartPolicies(before));
  expect(after.containers.map(({ name, running }) => [name, running])).toEqual(
    before.containers.map(({ name, running }) => [name, running]),
  );
  const kept = (await quarantined(platform.project)).filter((path) => path.includes(encodeURIComponent(run)));
  expect(kept.filter((path) => path.endsWith('.replaced')).length).toBeGreaterThan(0);
  expect(await leftOfDrills(platform.project)).toEqual([]);
  await worker.kill();
}, 600_000);

test('a drill keeps what it restored; promoted days later, only the swap is left to do', async () => {
  const { platform, rekindle } = scenario;
  const { project } = platform;
  await variant.write(() => undefined);
  const worker = await scenario.startWorker(variant.environment);
  const rehearsed = rekindle(['drill', project, '--point', facts().point, '--keep', '24', '--json'], {
    environment: variant.environment,
    withinSeconds: 2 * slowly,
  });
  const drill = await scenario.openRun('drill');
  await scenario.until(drill, 'keeps its scene', ({ note }) => note?.includes(`--promote ${drill}`) === true, slowly);
  const { json } = await rekindle(['points', project, '--json'], { environment: variant.environment });
  expect((json as { points: { id: string }[] }).points.find(({ id }) => id === facts().point)).toHaveProperty(
    'provenAt',
  );
  await write('since-the-drill');
  // A backup in between is what days bring.
  await expectPassed(scenario, await rekindle(['backup', project, '--json'], { environment: variant.environment }));

  const promote = ['restore', project, '--promote', drill, '--json'];
  const preview = await rekindle([...promote, '--dry-run'], { environment: variant.environment });
  expect(preview).toMatchObject({ exitCode: 0 });
  const { steps: planned } = (preview.json as { plan: { steps: { action: string }[] } }).plan;
  expect(planned.map(({ action }) => action)).not.toContain('restoreIndices');
  const restored = await expectPassed(
    scenario,
    await rekindle([...promote, '--yes'], { environment: variant.environment, withinSeconds: slowly }),
  );
  expect(restored.recoveryPoint?.id).toBe(facts().point);
  expect(await isThere('since-the-drill')).toBe(false);
  await expectAlive(scenario);
  const ended = await rehearsed;
  expect(ended).toMatchObject({ exitCode: 0 });
  expect((ended.json as RunProgress).steps.find(({ id }) => id === 'keep-scene')?.summary).toBe(
    `promoted by ${restored.run}`,
  );
  expect(await leftOfDrills(project)).toEqual([]);
  const again = await rekindle([...promote, '--yes'], { environment: variant.environment });
  expect(again.exitCode).not.toBe(exitCodes.passed);
  expect(again.stdout + again.stderr).toMatch(/is not as it left it|keeps nothing/);
  await worker.kill();
}, 900_000);

test('cancelled while the scene is filled: the platform has not noticed, and nothing is left', async () => {
  const worker = await scenario.startWorker(variant.environment);
  const before = await engineNow();
  const kept = await quarantined(scenario.platform.project);
  const { run, ended } = await filling();
  expect(await scenario.rekindle(['cancel', run])).toMatchObject({ exitCode: 0 });
  expect((await ended).exitCode).not.toBe(0);
  expect(await scenario.progressOf(run)).toMatchObject({ phase: 'cancelled' });
  expect(await engineNow()).toEqual(before);
  expect(await leftOfDrills(scenario.platform.project)).toEqual([]);
  expect(await quarantined(scenario.platform.project)).toEqual(kept);
  await worker.kill();
}, 600_000);

test('the platform file is edited while the scene is filled: before the first stop there is a new plan, which waits', async () => {
  const { platform, rekindle } = scenario;
  const worker = await scenario.startWorker(variant.environment);
  const before = await engineNow();
  const { run, ended } = await filling();
  await variant.write(({ stores }) => (stores[0]!['restoreThrottle'] = '200mb'));
  expect((await ended).exitCode).toBe(exitCodes.waitsForPerson);
  const progress = await scenario.until(run, 'waits again', ({ phase }) => phase === 'waiting for approval');
  expect(progress.notes).toContainEqual(expect.stringMatching(/has changed since the plan was made/));
  expect(await engineNow()).toEqual(before);
  expect(await leftOfDrills(platform.project)).toEqual([]);
  expect(await rekindle(['reject', run])).toMatchObject({ exitCode: 0 });
  await worker.kill();
}, 600_000);
