import type { StepState } from '../../../domain/runs/progress.ts';
import {
  expectAlive,
  expectPassed,
  facts,
  filesBelow,
  quarantined,
  useScenario,
  useVariant,
} from '../harness/index.ts';

const scenario = useScenario();
const variant = useVariant(scenario);

const statusOf = (steps: StepState[], id: string) => steps.find((step) => step.id === id)?.status;

test('the worker is killed while data is set aside and while indices are restored: the run goes on and passes', async () => {
  const { platform, rekindle, startWorker, openRun, until } = scenario;
  // About ten seconds of restoring: a moment that can be met.
  await variant.write(({ stores }) => (stores[0]!['restoreThrottle'] = '1mb'));
  const { environment } = variant;
  const earlier = new Set(await quarantined(platform.project));

  const first = await startWorker(environment);
  const restore = rekindle(['restore', platform.project, '--point', facts().point, '--yes', '--json'], { environment });
  const run = await openRun('restore');
  await until(run, 'past the point of no return', ({ pointOfNoReturn }) => pointOfNoReturn?.passedAt !== undefined);
  await first.kill();

  const second = await startWorker(environment);
  await until(run, 'restores indices', ({ steps }) => statusOf(steps, 'restore-documents') === 'running');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await second.kill();

  await startWorker(environment);
  const { steps } = await expectPassed(scenario, await restore);
  const restoring = steps.find(({ id }) => id === 'restore-documents');
  // Restored once, and slowly: the third worker went on with what the second one had started.
  const seconds = (Date.parse(restoring!.finishedAt!) - Date.parse(restoring!.startedAt!)) / 1000;
  expect(seconds).toBeGreaterThan(5);
  await expectAlive(scenario);

  const kept = (await quarantined(platform.project)).filter((path) => !earlier.has(path));
  expect(kept).toHaveLength(3);
  for (const path of kept) expect(await filesBelow(path)).toBeGreaterThan(0);
});
