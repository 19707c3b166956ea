import { claimName } from '../../../domain/recovery-points/claims.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { incompressible } from '../../../stack/seed-content.ts';
import { s3Storage } from '../../../systems/object-storage/s3.ts';
import { facts, useScenario, useVariant } from '../harness/index.ts';
import { waitFor } from '../../wait-for.ts';
import { expecting } from '../../expecting.ts';

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
const index = 'nuvla-telemetry';
const repository = 's3_backup';

const snapshots = () =>
  withElasticsearch(scenario.platform, async (client) => {
    const { snapshots: found = [] } = await client.snapshot.get({ repository, snapshot: '*' });
    return found.map(({ snapshot }) => snapshot);
  });

const listed = async () => {
  const { json } = await scenario.rekindle(['points', scenario.platform.project, '--json']);
  return json as { points: { id: string }[]; unfinished: string[] };
};

const catalogue = () => {
  const { s3, buckets } = scenario.platform;
  const { endpoint, accessKey, secretKey } = s3;
  return s3Storage({ bucket: buckets.catalogue, prefix: '', endpoint, region: 'us-east-1', accessKey, secretKey });
};

async function keysUnder(id: string): Promise<string[]> {
  const prefix = `${scenario.platform.project}/points/${id}/`;
  const keys: string[] = [];
  for await (const { key } of catalogue().list(prefix)) keys.push(key.slice(prefix.length));
  return keys;
}

beforeAll(async () => {
  await withElasticsearch(scenario.platform, (client) =>
    client.bulk({
      index,
      refresh: true,
      operations: [...incompressible(8_000_000, 'telemetry')].flatMap((document) => [{ create: {} }, document]),
    }),
  );
  // Some eight seconds of writing: a moment that can be met.
  await variant.write(({ stores }) => {
    const { settings } = stores[0]!['repository'] as { settings: Record<string, string> };
    settings['max_snapshot_bytes_per_sec'] = '1mb';
  });
});
afterAll(() => scenario.spoil());

test('a backup that is terminated in the middle of its snapshot leaves no half point; the next one clears it away', async () => {
  const { client, platform, rekindle, startWorker, openRun, until } = scenario;
  const { environment } = variant;
  // Bears a name of ours, but nobody of us took it.
  await withElasticsearch(scenario.platform, (es) =>
    es.snapshot.create({
      repository,
      snapshot: 'snapshot.2026-01-01t0000z',
      indices: 'nuvla-user',
      wait_for_completion: true,
    }),
  );
  await startWorker(environment);
  const first = rekindle(['backup', platform.project, '--json'], { environment });
  const run = await openRun('backup');
  await until(run, 'takes a snapshot', ({ steps }) =>
    steps.some(({ id, status }) => id === 'snapshot-documents' && status === 'running'),
  );
  await waitFor(async () => expect((await snapshots()).length).toBe(3), { timeout: 20_000 });
  const { recoveryPoint } = await scenario.progressOf(run);
  const dead = recoveryPoint!.id;
  await client.workflow.getHandle(run).terminate('by an operator');
  expect(await first).toMatchObject({ exitCode: 1, json: { failure: { kind: 'RunFailed' } } });

  const meanwhile = await listed();
  expect(meanwhile.points.map(({ id }) => id)).toEqual([facts().point]);
  expect(meanwhile.unfinished).toEqual([dead]);
  expect(await keysUnder(dead)).toEqual(expect.arrayContaining([expect.stringMatching(/^claim~/)]));

  // What a Temporal that was lost left behind: long ago, and just now.
  const storage = catalogue();
  const left = async (id: string, at: string) => {
    const folder = `${platform.project}/points/${id}`;
    await storage.put(
      `${folder}/${claimName({ at, run: `backup/lost/${id}`, execution: crypto.randomUUID() })}`,
      new Uint8Array(),
    );
    await storage.put(`${folder}/capture.age`, new Uint8Array([1]));
  };
  await left('2026-01-01t0000z', '2026-01-01T00:00:00.000Z');
  await left('2026-01-02t0000z', new Date().toISOString());

  const second = await rekindle(['backup', platform.project, '--json'], { environment });
  expecting(second, second.stdout + second.stderr).toMatchObject({ exitCode: 0, json: { verdict: 'pass' } });
  const { steps, recoveryPoint: next } = second.json as RunProgress;
  const told = steps.find(({ action }) => action === 'clearUnfinished')?.summary;
  expect(told).toContain(`${dead}, left by a dead backup, is cleared, with its snapshot`);
  expect(told).toContain('2026-01-01t0000z, left by a dead backup, is cleared');
  expect(told).not.toContain('2026-01-01t0000z, left by a dead backup, is cleared, with its snapshot');
  expect(told).toContain('2026-01-02t0000z stays');

  const after = await listed();
  expect(after.points.map(({ id }) => id)).toEqual([next!.id, facts().point]);
  expect(after.unfinished).toEqual(['2026-01-02t0000z']);
  expect(await keysUnder(dead)).toEqual([]);
  // The snapshot of somebody else stays, though its name is that of the cleared id.
  expect((await snapshots()).toSorted()).toEqual(
    ['snapshot.2026-01-01t0000z', `snapshot.${facts().point}`, `snapshot.${next!.id}`].toSorted(),
  );
});
