import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { expecting } from '../../expecting.ts';
import { useScenario } from '../harness/index.ts';
import { startCluster, type Cluster } from './clusters.ts';

// Moving off es-s3-snapshot: its configuration file becomes platform files of two bare clusters, each named by several seed
// nodes of which one is down; then backup and restore are one command.

const scenario = useScenario();
let folder: string;
let environment: Record<string, string>;
let source: Cluster;
let destination: Cluster;
const ask = (...args: string[]) => scenario.rekindle(args, { environment });

beforeAll(async () => {
  const { s3 } = scenario.platform;
  folder = await mkdtemp(join(tmpdir(), 'rks-old-tool-'));
  [source, destination] = await Promise.all([startCluster('old', s3), startCluster('new', s3)]);
  await s3.createBuckets(['old-tool']);
  // The old tool knows Amazon's service alone: where it is otherwise, the nodes know it, and Rekindle's environment.
  environment = { REKINDLE_PLATFORMS: join(folder, 'platforms'), AWS_ENDPOINT_URL_S3: s3.endpoint };
  const seed = ({ container }: Cluster) => `${container.address}:9200`;
  const file = `
[aws_api_keys]
aws_access_key = ${s3.accessKey}
aws_secret_key = ${s3.secretKey}

[aws_s3_config]
aws_region = us-east-1
s3_bucket_name = old-tool
s3_base_path = cluster-backups

[elasticsearch_config]
es_repository_name = my_snapshots
es_src_seed1 = 127.0.0.1:9
es_src_seed2 = ${seed(source)}
es_src_seed3 = ${seed(source)}
es_dest_seed1 = ${seed(destination)}
es_dest_seed2 = 127.0.0.1:9
index_names = orders, customers
`;
  await writeFile(join(folder, 'es-s3-snapshot.conf'), file);
  for (const [index, count] of [
    ['orders', 500],
    ['customers', 40],
    ['other', 3],
  ] as const)
    await source.client.bulk({
      refresh: true,
      operations: Array.from({ length: count }, (_, n) => [{ index: { _index: index, _id: `${n}` } }, { n }]).flat(),
    });
  await destination.client.index({ index: 'orders', document: { old: true }, refresh: true });
});
afterAll(async () => {
  await Promise.all([source.remove(), destination.remove()]);
  await rm(folder, { recursive: true, force: true });
});

test('its file becomes two platform files; secrets lie apart, and are not shown', async () => {
  const made = await ask('copy', '--from-config', join(folder, 'es-s3-snapshot.conf'));
  expecting(made, made.stdout + made.stderr).toMatchObject({ exitCode: 0 });
  expect(made.stdout).toContain('rekindle copy es-s3-snapshot-source es-s3-snapshot-destination --new-backup');
  const { s3 } = scenario.platform;
  const platforms = join(folder, 'platforms');
  const files = ['source', 'destination'].map((side) => join(platforms, `es-s3-snapshot-${side}.yaml`));
  const texts = await Promise.all(files.map((each) => readFile(each, 'utf8')));
  for (const text of [...texts, made.stdout]) expect(text).not.toContain(s3.secretKey);
  const secret = await stat(join(platforms, 'es-s3-snapshot.secrets', 'aws_secret_key'));
  expect(secret.mode & 0o077).toBe(0);
  const again = await ask('copy', '--from-config', join(folder, 'es-s3-snapshot.conf'));
  expect(again).toMatchObject({ exitCode: 2 });
});

test('backed up and copied with one command, over what is there, with one seed of each side down', async () => {
  await scenario.startWorker(environment);
  const [from, to] = ['es-s3-snapshot-source', 'es-s3-snapshot-destination'];
  const copy = ['copy', from, to, '--new-backup', '--indices', 'orders,customers', '--yes', '--json'];
  const refused = await ask(...copy);
  expecting(refused, refused.stdout + refused.stderr).toMatchObject({ exitCode: 3 });
  expect(refused.stdout + refused.stderr).toContain('orders is there already');
  const ended = await ask(...copy, '--existing', 'replace');
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
  expect(ended.json as RunProgress).toMatchObject({ kind: 'copy', verdict: 'pass' });
  const { client } = destination;
  await client.indices.refresh();
  const counts = await Promise.all(['orders', 'customers'].map((index) => client.count({ index })));
  expect(counts.map(({ count }) => count)).toEqual([500, 40]);
  expect(await client.indices.exists({ index: 'other' })).toBe(false);
  expect(Object.keys(await client.snapshot.getRepository())).toEqual([]);
});

test('an existing recovery point is copied under another name, though its cluster is gone by now', async () => {
  await source.container.stop();
  const [from, to] = ['es-s3-snapshot-source', 'es-s3-snapshot-destination'];
  const ended = await ask('copy', from, to, '--indices', 'orders', '--rename', '*=from-*', '--yes', '--json');
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
  // The point itself tells with which version its indices were created.
  expect((ended.json as RunProgress).checks.filter(({ warning, verdict }) => warning || verdict !== 'pass')).toEqual(
    [],
  );
  await destination.client.indices.refresh();
  expect((await destination.client.count({ index: 'from-orders' })).count).toBe(500);
});
