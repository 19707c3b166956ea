import type { RunProgress } from '../../../domain/runs/progress.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { eventually } from '../../../stack/engine.ts';
import { expectPassed, facts, useScenario, useVariant } from '../harness/index.ts';
import { expecting } from '../../expecting.ts';

// Several backups, a pin, a snapshot that others took; the worker is killed in the middle of a prune.

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
const foreign = 'cron.2026-11-21';
const copies = 'copy-of-*';

interface Point {
  id: string;
  pinned: boolean;
  pinnedBy?: string[];
  deleting: boolean;
}
interface Preview {
  points: { id: string; keep: boolean; reasons: string[] }[];
  foreign: { snapshots?: string[] }[];
}

const snapshots = () =>
  withElasticsearch(scenario.platform, async (client) => {
    const { snapshots: found = [] } = await client.snapshot.get({ repository: 's3_backup', snapshot: '*' });
    return found.map(({ snapshot }) => snapshot).toSorted();
  });

const throttle = (value: string | null) =>
  withElasticsearch(scenario.platform, (client) =>
    client.cluster.putSettings({ transient: { 'indices.recovery.max_bytes_per_sec': value } }),
  );

const rekindle = (...args: string[]) => scenario.rekindle([...args, '--json'], { environment: variant.environment });
const points = async () => ((await rekindle('points', scenario.platform.project)).json as { points: Point[] }).points;
const point = async (id: string) => (await points()).find((each) => each.id === id);

async function demand(...args: string[]): Promise<unknown> {
  const ended = await rekindle(...args);
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
  return ended.json;
}

let pinned: string;
let doomed: string;
let newest: string;

beforeAll(async () => {
  const { project } = scenario.platform;
  // All of them are of one year: the newest stays.
  await variant.write((file) => {
    file.backup['retention'] = { yearly: 1, minimumCount: 1 };
  });
  const worker = await scenario.startWorker(variant.environment);
  pinned = facts().point;
  const taken: string[] = [];
  for (let backup = 0; backup < 2; backup++)
    taken.push(((await demand('backup', project)) as RunProgress).recoveryPoint!.id);
  [doomed, newest] = taken as [string, string];
  await worker.stop();
  await withElasticsearch(scenario.platform, (client) =>
    client.snapshot.create({
      repository: 's3_backup',
      snapshot: foreign,
      indices: 'nuvla-user',
      wait_for_completion: true,
    }),
  );
  await demand('pin', project, pinned, '--by', 'anna');
});

afterAll(async () => {
  await throttle(null);
  await withElasticsearch(scenario.platform, async (client) => {
    const there = Object.keys(await client.indices.get({ index: copies, allow_no_indices: true }));
    if (there.length > 0) await client.indices.delete({ index: there });
    await client.snapshot.delete({ repository: 's3_backup', snapshot: foreign }).catch(() => undefined);
  });
});

test('the preview says for each point why it stays or goes, and needs neither Temporal nor worker', async () => {
  const { project } = scenario.platform;
  const nobody = { ...variant.environment, TEMPORAL_ADDRESS: '127.0.0.1:9' };
  const { json } = await scenario.rekindle(['prune', project, '--dry-run', '--json'], { environment: nobody });
  const preview = json as Preview;
  expect(preview.points).toEqual([
    {
      id: newest,
      keep: true,
      startedAt: expect.any(String) as string,
      reasons: ['newest good one', expect.stringMatching(/^newest of \d{4} \(yearly 1 of 1\)$/) as string],
    },
    { id: doomed, keep: false, startedAt: expect.any(String) as string, reasons: ['no rule keeps it'] },
    {
      id: pinned,
      keep: true,
      startedAt: expect.any(String) as string,
      reasons: ['pinned by person/anna', 'no rule keeps it'],
    },
  ]);
  expect(preview.foreign).toMatchObject([{ snapshots: [foreign] }]);
  const { stdout } = await scenario.rekindle(['prune', project, '--dry-run'], { environment: nobody });
  expect(stdout).toContain(`never touched: ${foreign}`);
  expect(await points()).toHaveLength(3);
});

test('the worker is killed halfway: the prune continues, and removes only what it should', async () => {
  const { platform, openRun, startWorker, until } = scenario;
  // Somebody restores from the very snapshot, slowly: a moment that can be met.
  await throttle('20kb');
  await withElasticsearch(scenario.platform, (client) =>
    client.snapshot.restore({
      repository: 's3_backup',
      snapshot: `snapshot.${doomed}`,
      indices: 'nuvla-job',
      rename_pattern: '(.+)',
      rename_replacement: 'copy-of-$1',
      index_settings: { 'index.number_of_replicas': 0 },
      include_aliases: false,
      wait_for_completion: false,
    }),
  );
  const first = await startWorker(variant.environment);
  const pruning = rekindle('prune', platform.project);
  const run = await openRun('prune');
  await until(run, 'deletes snapshots', ({ steps }) =>
    steps.some(({ action, status }) => action === 'deleteSnapshots' && status === 'running'),
  );
  await first.kill();

  // Being deleted: it is never offered, neither for a restore nor for a pin.
  expect(await point(doomed)).toMatchObject({ deleting: true });
  for (const args of [
    ['restore', platform.project, '--point', doomed, '--dry-run'],
    ['pin', platform.project, doomed],
  ])
    expect(await rekindle(...args)).toMatchObject({
      exitCode: 2,
      json: { failure: { kind: 'RecoveryPointNotFound' } },
    });
  expect(await snapshots()).toContain(`snapshot.${doomed}`);

  await startWorker(variant.environment);
  await throttle(null);
  const report = await expectPassed(scenario, await pruning);
  expect(report.checks.map(({ name }) => name)).toEqual(['retention', 'recovery points']);

  expect((await points()).map(({ id }) => id)).toEqual([newest, pinned]);
  expect(await snapshots()).toEqual([foreign, `snapshot.${pinned}`, `snapshot.${newest}`].toSorted());
  const again = (await demand('prune', platform.project)) as RunProgress;
  expect(again).toMatchObject({ verdict: 'pass', steps: [] });
});

test('what stayed can be restored: preflight passes for both', async () => {
  const { project } = scenario.platform;
  await demand('check', project);
  await demand('restore', project, '--point', pinned, '--dry-run');
});

test('a restore that waits for approval pins what it chose; rejected, it takes the pin back', async () => {
  const { project } = scenario.platform;
  const dryRun = (await demand('restore', project, '--dry-run')) as { verdict: string };
  expect(dryRun.verdict).toBe('pass');
  expect(await point(newest)).toMatchObject({ pinned: false });
  const waiting = await rekindle('restore', project);
  expect(waiting).toMatchObject({ exitCode: 4 });
  const { run } = waiting.json as { run: string };
  expect(await point(newest)).toMatchObject({ pinnedBy: [run] });
  // It does not hold the platform while it waits: a prune goes on, and leaves what is pinned.
  await demand('prune', project);
  expect(await point(newest)).toMatchObject({ pinnedBy: [run] });
  await demand('reject', run, '--reason', 'only a test');
  await eventually('the pin is taken back', 20, async () =>
    expect(await point(newest)).toMatchObject({ pinned: false }),
  );
});

test('unpinned, it would go with the next prune', async () => {
  const { project } = scenario.platform;
  expect(await demand('unpin', project, pinned)).toMatchObject({ unpinned: ['person/anna'], left: [] });
  const preview = (await demand('prune', project, '--dry-run')) as Preview;
  expect(preview.points.map(({ id, keep }) => [id, keep])).toEqual([
    [newest, true],
    [pinned, false],
  ]);
});
