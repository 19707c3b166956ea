import type { RunProgress } from '../../../domain/runs/progress.ts';
import { eventually } from '../../../stack/engine.ts';
import {
  expectAlive,
  expectPassed,
  leftOfDrills,
  pointsOf,
  snapshotOfEngine,
  useScenario,
  useVariant,
  type Ended,
} from '../harness/index.ts';

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
afterAll(() => scenario.spoil());
beforeAll(() => variant.write(() => undefined));

/** A drill that is in the middle: its indices are being restored, slowly. */
async function drillUnderWay(): Promise<{ run: string; ended: Promise<Ended> }> {
  const { platform, rekindle, openRun, until } = scenario;
  await variant.write(({ stores }) => (stores[0]!['restoreThrottle'] = '1mb'));
  const ended = rekindle(['drill', platform.project, '--json'], { environment: variant.environment });
  const run = await openRun('drill');
  await until(run, 'restores indices', ({ steps }) =>
    steps.some(({ action, status }) => action === 'restoreIndices' && status === 'running'),
  );
  expect(await leftOfDrills(platform.project, run)).not.toEqual([]);
  return { run, ended };
}

const nothingLeft = () =>
  eventually('nothing is left of any drill', 60, async () =>
    expect(await leftOfDrills(scenario.platform.project)).toEqual([]),
  );

test('the worker is killed in the middle: the drill goes on with another one, passes and leaves nothing', async () => {
  const worker = await scenario.startWorker(variant.environment);
  const before = await snapshotOfEngine();
  const { ended } = await drillUnderWay();
  await worker.kill();
  const other = await scenario.startWorker(variant.environment);
  await expectPassed(scenario, await ended);
  expect(await leftOfDrills(scenario.platform.project)).toEqual([]);
  expect(await snapshotOfEngine()).toEqual(before);
  await other.kill();
});

test('cancelled in the middle, it takes everything down, and proves nothing', async () => {
  const { rekindle, platform } = scenario;
  const worker = await scenario.startWorker(variant.environment);
  const proven = (await pointsOf(scenario)).map(({ provenAt }) => provenAt);
  const before = await snapshotOfEngine();
  const { run, ended } = await drillUnderWay();
  expect(await rekindle(['cancel', run])).toMatchObject({ exitCode: 0 });
  expect((await ended).exitCode).not.toBe(0);
  expect(await leftOfDrills(platform.project)).toEqual([]);
  expect(await snapshotOfEngine()).toEqual(before);
  expect((await pointsOf(scenario)).map(({ provenAt }) => provenAt)).toEqual(proven);
  await worker.kill();
});

test('a restore that starts ends the drill at once, and passes', async () => {
  const { rekindle, platform, progressOf } = scenario;
  const worker = await scenario.startWorker(variant.environment);
  const { run, ended } = await drillUnderWay();
  await variant.write(() => undefined);
  const restored = await rekindle(['restore', platform.project, '--yes', '--json'], {
    environment: variant.environment,
  });
  expect((await ended).exitCode).not.toBe(0);
  const drilled = await progressOf(run);
  expect(drilled.phase).toBe('cancelled');
  const { startedAt, steps } = await expectPassed(scenario, restored);
  const firstStop = steps.find(({ action }) => action === 'stopService')?.startedAt ?? '';
  // The drill was asked to end when the restore began to plan, before anything was stopped.
  expect(drilled.steps.find(({ action }) => action === 'verifyIndices')?.status).toBe('waiting');
  expect(startedAt < firstStop).toBe(true);
  await nothingLeft();
  await expectAlive(scenario);
  await worker.kill();
});

test('a lost run leaves its scene behind: the next drill finds and removes it, and nothing else', async () => {
  const { client, platform, rekindle } = scenario;
  const worker = await scenario.startWorker(variant.environment);
  const { run, ended } = await drillUnderWay();
  await worker.kill();
  await client.workflow.getHandle(run).terminate('lost');
  await ended;
  const left = await leftOfDrills(platform.project, run);
  expect(left).not.toEqual([]);
  await variant.write(() => undefined);
  const next = await scenario.startWorker(variant.environment);
  const before = await snapshotOfEngine();
  const { steps } = await expectPassed(
    scenario,
    await rekindle(['drill', platform.project, '--json'], { environment: variant.environment }),
  );
  expect(steps.find(({ action }) => action === 'removeDrillLeftovers')?.summary).toContain(run);
  expect(await leftOfDrills(platform.project)).toEqual([]);
  expect(await snapshotOfEngine()).toEqual(before);
  await next.kill();
});

test('what does not fit is refused with figures, and nothing is made', async () => {
  const { platform, rekindle } = scenario;
  await variant.write((file) => (file['drill'] = { memory: '500gb' }));
  const worker = await scenario.startWorker(variant.environment);
  const refused = await rekindle(['drill', platform.project, '--json'], { environment: variant.environment });
  expect(refused.exitCode).toBe(3);
  expect((refused.json as RunProgress).failure?.message).toMatch(/\d+ MiB available, \d+ MiB needed/);
  expect(await leftOfDrills(platform.project)).toEqual([]);
  await worker.kill();
});

test('indices take turns when the disk limit does not hold all of them', async () => {
  const { platform, rekindle } = scenario;
  await variant.write((file) => (file['drill'] = { disk: '6mb' }));
  const worker = await scenario.startWorker(variant.environment);
  const turns: string[][] = [];
  for (let drill = 0; drill < 2; drill++) {
    const passed = await expectPassed(
      scenario,
      await rekindle(['drill', platform.project, '--json'], { environment: variant.environment }),
    );
    turns.push(passed.rehearses?.['documents'] ?? []);
  }
  const [first = [], second = []] = turns;
  expect(first).toContain('nuvla-job');
  expect(second.some((index) => !first.includes(index))).toBe(true);
  await worker.kill();
});

test('of ten drills, half of them killed, nothing is left', async () => {
  const { client, platform, rekindle } = scenario;
  const before = await snapshotOfEngine();
  await variant.write(() => undefined);
  for (let drill = 0; drill < 10; drill++) {
    const worker = await scenario.startWorker(variant.environment);
    if (drill % 2 === 0) {
      const { run, ended } = await drillUnderWay();
      await worker.kill();
      await client.workflow.getHandle(run).terminate('killed');
      await ended;
    } else {
      await variant.write(() => undefined);
      await expectPassed(
        scenario,
        await rekindle(['drill', platform.project, '--json'], { environment: variant.environment }),
      );
      expect(await leftOfDrills(platform.project)).toEqual([]);
      await worker.kill();
    }
  }
  expect(await snapshotOfEngine()).toEqual(before);
}, 900_000);
