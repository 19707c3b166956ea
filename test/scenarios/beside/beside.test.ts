import { exitCodes } from '../../../cli/exit-codes.ts';
import type { Check } from '../../../domain/checks.ts';
import type { StepState } from '../../../domain/runs/progress.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import {
  expectAlive,
  expectPassed,
  facts,
  filesBelow,
  leftOfDrills,
  quarantined,
  restartPolicies,
  snapshotOfEngine,
  useScenario,
  useVariant,
} from '../harness/index.ts';
import { engineNow } from '../faults-tools/message.ts';
import { askedDuring } from './asking.ts';

const scenario = useScenario();
const variant = useVariant(scenario);

const late = { index: 'nuvla-event', id: 'written-after-the-backup' };
const millis = (time = '') => Date.parse(time);
/** From the first start of these steps to the last end. */
const spanOf = (steps: StepState[]) =>
  Math.max(...steps.map(({ finishedAt }) => millis(finishedAt))) -
  Math.min(...steps.map(({ startedAt }) => millis(startedAt)));

test('it answers searches until the first stop, is down for a restart, and holds the recovery point afterwards', async () => {
  const { platform, rekindle, startWorker } = scenario;
  const { project } = platform;
  const before = await snapshotOfEngine();
  await withElasticsearch(platform, (client) => client.index({ ...late, document: { id: 'late' }, refresh: true }));
  await startWorker();

  const restore = rekindle(['restore', project, '--beside', '--point', facts().point, '--yes', '--json']);
  const [ended, answers] = await askedDuring(platform, restore);
  const { run, steps, checks } = await expectPassed(scenario, ended);

  const stops = steps.filter(({ action, scene }) => action === 'stopService' && scene === undefined);
  const firstStop = Math.min(...stops.map(({ startedAt }) => millis(startedAt)));
  const filled = steps.filter(({ scene, action }) => scene && action !== 'closeScene');
  expect(filled.map(({ action }) => action)).toEqual(expect.arrayContaining(['restoreIndices', 'verifyIndices']));
  for (const { finishedAt } of filled) expect(millis(finishedAt)).toBeLessThanOrEqual(firstStop);
  expect(answers.answered).toBeGreaterThan(100);
  expect(answers.silentAt ?? Infinity).toBeGreaterThanOrEqual(firstStop);
  expect(spanOf(filled)).toBeGreaterThan(0);
  for (const name of ['beside', 'drill memory', 'drill disk'])
    expect(checks.filter((check) => check.name === name && check.verdict !== 'pass')).toEqual([]);

  await withElasticsearch(platform, async (client) => expect(await client.exists(late)).toBe(false));
  await expectAlive(scenario);
  const after = await snapshotOfEngine();
  expect(restartPolicies(after)).toEqual(restartPolicies(before));
  expect(after.containers.map(({ id }) => id)).toEqual(before.containers.map(({ id }) => id));
  expect(after.volumes.map(({ name }) => name)).toEqual(before.volumes.map(({ name }) => name));
  expect(await leftOfDrills(project)).toEqual([]);
  const kept = (await quarantined(project)).filter((path) => path.includes(encodeURIComponent(run)));
  expect(kept).toHaveLength(3);
  for (const path of kept) expect(await filesBelow(path)).toBeGreaterThan(0);
});

test('where it does not fit it is refused with figures, offers the restore in place, and makes nothing', async () => {
  const { project } = scenario.platform;
  await variant.write((file) => (file['drill'] = { memory: '500gb' }));
  const { environment } = variant;
  const before = await engineNow();
  const refused = await scenario.rekindle(['restore', project, '--beside', '--dry-run', '--json'], { environment });
  expect(refused.exitCode).toBe(exitCodes.refused);
  const { checks } = refused.json as { checks: Check[] };
  expect(checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([
    expect.objectContaining({
      name: 'drill memory',
      evidence: expect.stringMatching(/\d+ MiB available, \d+ MiB needed/) as string,
      remedy: expect.stringMatching(/^Restore in place: leave out --beside/) as string,
    }),
  ]);
  expect(await engineNow()).toEqual(before);
  expect(await leftOfDrills(project)).toEqual([]);
});
