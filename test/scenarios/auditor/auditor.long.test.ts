import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportKey } from '../../../domain/recovery-points/catalogue-keys.ts';
import { slugOf } from '../../../domain/recovery-points/key-parts.ts';
import type { PeriodSummary } from '../../../domain/reports/period-summary.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { expecting } from '../../expecting.ts';
import { startReceiver, type TestReceiver } from '../../receiver.ts';
import { bucketOf, expectPassed, facts, pointsOf, useScenario, useVariant } from '../harness/index.ts';
import { evaluate, removeSchedules } from './evaluations.ts';

// What a platform shows to somebody who does not believe a word. One story, in this order.

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
const day = 24 * 60 * 60 * 1000;
let hook: TestReceiver;
let project: string;
let proven = '';
const chained: RunProgress[] = [];

const rekindle = (...args: string[]) => scenario.rekindle(args, { environment: variant.environment });
const passed = async (...args: string[]) => expectPassed(scenario, await rekindle(...args, '--json'));
/** Of changes of readiness, in their order. */
const told = () =>
  hook.received.filter(({ json }) => json['event'] === 'readiness').map(({ json }) => json['readiness']);

beforeAll(async () => {
  ({ project } = scenario.platform);
  hook = await startReceiver();
  await variant.write((file) =>
    Object.assign(file, {
      backup: { scrubDays: 0 },
      objectives: { recoveryPointMinutes: 24 * 60, recoveryTimeMinutes: 60, provenWithinDays: 7 },
      restore: { ...file.restore, requireProvenWithinDays: 7 },
      readiness: { everyMinutes: 600 },
      notifications: [{ url: hook.url, events: ['readiness'] }],
    }),
  );
  await scenario.startWorker(variant.environment);
  const applied = await rekindle('schedule', project, 'apply');
  expecting(applied.exitCode, applied.stdout + applied.stderr).toBe(0);
});
afterAll(async () => {
  await removeSchedules(scenario);
  await hook.close();
  await scenario.spoil();
});

test('nothing is proven: the platform is not ready, which is told once, and a restore that names no point is refused', async () => {
  const first = await evaluate(scenario);
  expect(first).toMatchObject({ verdict: 'not ready', unmet: expect.any(Array) as unknown });
  expect([...new Set(first.unmet.map(({ name }) => name))]).toEqual(['objective proven']);
  expect(await evaluate(scenario)).toMatchObject({ verdict: 'not ready', since: first.since });
  expect(told()).toMatchObject([{ verdict: 'not ready', before: 'ready', nowUnmet: ['objective proven'] }]);

  const refused = await rekindle('restore', project, '--yes', '--json');
  expecting(refused.exitCode, refused.stdout + refused.stderr).toBe(3);
  expect((refused.json as RunProgress).failure?.message).toContain('Not passed: objective proven');
  const why = await rekindle('restore', project, '--dry-run');
  expect([why.exitCode, why.stdout]).toEqual([3, expect.stringContaining('(restore.requireProvenWithinDays)')]);
  const none = await rekindle('restore', project, '--point', 'proven', '--dry-run');
  expecting(none.exitCode, none.stdout + none.stderr).toBe(2);
});

test('a drill proves the newest point: it is shown, the platform is ready, which is told once', async () => {
  const backup = await passed('backup', project);
  proven = backup.recoveryPoint?.id ?? '';
  chained.push(await passed('drill', project));
  const points = await pointsOf(scenario);
  expect(points.find(({ id }) => id === proven)).toMatchObject({ provenAt: expect.any(String) as string, bad: false });
  expect(points.find(({ id }) => id === facts().point)).not.toHaveProperty('provenAt');
  expect((await rekindle('points', project)).stdout).toMatch(new RegExp(`${proven}.*\\bproven `));

  expect(await evaluate(scenario)).toMatchObject({ verdict: 'ready', unmet: [], point: { id: proven } });
  expect(await evaluate(scenario)).toMatchObject({ verdict: 'ready' });
  expect(told()).toMatchObject([{}, { verdict: 'ready', before: 'not ready', metAgain: ['objective proven'] }]);
});

test('the proven point is restored, and its report is written as a page, as Markdown and as JSON', async () => {
  const restore = await passed('restore', project, '--point', 'proven', '--yes', '--volumes', 'remove');
  expect(restore.recoveryPoint?.id).toBe(proven);
  chained.push(restore);
  for (const ending of ['html', 'md', 'json']) {
    const file = join(variant.folder, `restore.${ending}`);
    expect(await rekindle('report', restore.run, '--out', file)).toMatchObject({ exitCode: 0 });
    expect(await readFile(file, 'utf8')).toContain(proven);
  }
});

test('one byte of a stored report is changed: verify names it', async () => {
  const whole = await rekindle('report', 'verify', project, '--json');
  expecting(whole.exitCode, whole.stdout + whole.stderr).toBe(0);
  expect(whole.json).toMatchObject({ verdict: 'pass', faults: [] });

  const [{ run } = { run: '' }] = chained;
  const catalogue = bucketOf(scenario, scenario.platform.buckets.catalogue);
  const key = reportKey(project, run);
  const good = (await catalogue.get(key)) ?? new Uint8Array();
  const changed = good.slice();
  const middle = changed.length >> 1;
  changed[middle] = (changed[middle] ?? 0) ^ 1;
  await catalogue.put(key, changed);
  const found = await rekindle('report', 'verify', project, '--json');
  expect(found).toMatchObject({
    exitCode: 1,
    json: { verdict: 'fail', faults: [`the report of ${run} was changed after it was written`] },
  });
  await catalogue.put(key, good);
  expect(await rekindle('report', 'verify', project)).toMatchObject({ exitCode: 0 });
});

test('a period is exported: summary, reports, the history of drills, and times without a backup', async () => {
  const bundle = join(variant.folder, 'bundle');
  const [from, to] = [new Date(Date.now() - 3 * day).toISOString(), new Date().toISOString()];
  const exported = await rekindle('report', 'export', project, '--from', from, '--to', to, '--out', bundle);
  expecting(exported.exitCode, exported.stdout + exported.stderr).toBe(0);
  const files = chained.flatMap(({ run }) => [`${slugOf(run)}.html`, `${slugOf(run)}.json`]);
  expect(await readdir(bundle)).toEqual(expect.arrayContaining(['summary.html', 'summary.json', ...files]));

  const summary = JSON.parse(await readFile(join(bundle, 'summary.json'), 'utf8')) as PeriodSummary;
  expect(summary.runs).toMatchObject({ drill: { passed: 1 }, restore: { passed: 1 } });
  expect(summary.runs['backup']?.['passed']).toBeGreaterThanOrEqual(2);
  for (const { run, kind } of chained)
    expect(summary.reports).toContainEqual(
      expect.objectContaining({ run, kind, verdict: 'pass', recoveryPoint: proven }),
    );
  // The restore took one at its end.
  expect(summary.points).toMatchObject({ kept: 3, proven: 1, bad: 0 });
  // Two days: nothing is known of the time before the first backup, and one day of it is within the RPO.
  expect(summary.gaps).toMatchObject([{ from: new Date(Date.parse(from) + day).toISOString() }]);
  expect(summary.chain.faults).toEqual([]);
  expect(await readFile(join(bundle, 'summary.html'), 'utf8')).toContain(chained[0]?.run ?? 'a drill');
});
