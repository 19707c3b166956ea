import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elasticsearchClient, jobState, postJob, queueEntries, withZookeeper, apiUrl } from '../../stack/clients.ts';
import { bringUp, type DemoPlatform, openDemoPlatform } from '../../stack/demo-platform.ts';
import { killService, loseEverything, startService } from '../../stack/disasters.ts';
import { containersOf, engine, eventually, nameOf, PROJECT_LABEL } from '../../stack/engine.ts';
import { folderOf, tearDown } from '../../stack/tear-down.ts';
import { untilHealthy } from '../../stack/wait.ts';
import { upAgain } from '../../stack/up-again.ts';

const project = `rkstack${process.pid}`;
let platform: DemoPlatform;
let up = false;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-stack-'));
  platform = await bringUp({ project, folder, log: (line) => console.log(line) });
  up = true;
});

// The first tests look at what bringUp left; the last ones destroy it: they run in this order.
afterAll(async () => {
  // A bringUp that failed has cleaned up after itself.
  if (up) await tearDown(platform);
  expect(await remains()).toEqual([]);
});

async function remains(): Promise<string[]> {
  const filters = { label: [`${PROJECT_LABEL}=${project}`] };
  const own = { label: [`rekindle.stack=${project}`] };
  const volumes = async (by: object) => (await engine().listVolumes({ filters: JSON.stringify(by) as never })).Volumes;
  return [
    ...(await containersOf(project)).map(nameOf),
    ...(await engine().listContainers({ all: true, filters: own })).map(nameOf),
    ...[...(await volumes(filters)), ...(await volumes(own))].map(({ Name }) => Name),
    ...(await engine().listNetworks({ filters })).map(({ Name }) => Name),
  ];
}

test('the seed is complete: counts, alias, closed index', async () => {
  const client = await elasticsearchClient(platform);
  const { documents, alias, closedIndex } = platform.seeded!;
  const total = Object.values(documents).reduce((sum, count) => sum + count, 0);
  expect(total).toBeGreaterThanOrEqual(20_000 + 2_000);
  for (const [index, expected] of Object.entries(documents)) {
    if (index === closedIndex) continue;
    const { count } = await client.count({ index });
    // The distributor goes on making jobs.
    if (index === 'nuvla-job') expect(count).toBeGreaterThanOrEqual(expected);
    else expect({ index, count }).toEqual({ index, count: expected });
  }
  expect(await client.indices.existsAlias({ name: alias })).toBe(true);
  expect(await client.cat.indices({ index: closedIndex, h: 'status', format: 'json' })).toEqual([{ status: 'close' }]);
  const shards = await client.indices.getSettings({ index: 'nuvla-deployment' });
  expect(shards['nuvla-deployment']?.settings?.index?.number_of_shards).toBe('3');
  await client.close();
});

test('the S3 secrets are in the keystore: a repository is verified', async () => {
  const client = await elasticsearchClient(platform);
  const settings = { bucket: platform.buckets.repository, endpoint: platform.s3.endpoint, path_style_access: true };
  await client.snapshot.createRepository({ name: 'probe', repository: { type: 's3', settings } as never });
  await client.snapshot.deleteRepository({ name: 'probe' });
  await client.close();
});

test('the data services publish no ports', async () => {
  const containers = await Promise.all(['elasticsearch', 'zookeeper'].map((service) => containersOf(project, service)));
  for (const { Ports } of containers.flat()) expect(Ports.filter(({ PublicPort }) => PublicPort)).toEqual([]);
});

test('executors drain the queue, urgent jobs first', async () => {
  const before = await queueEntries(platform);
  const job = await postJob(platform, { action: 'start_deployment', target: 'deployment/urgent', priority: 0 });
  await eventually(`${job} done`, 40, async () => expect(await jobState(platform, job)).toBe('SUCCESS'));
  const seeded = new Set(platform.seeded!.entries);
  const left = (await queueEntries(platform)).filter((name) => seeded.has(name));
  expect(left.length).toBeLessThan(before.length);
});

test('the distributor is elected and makes jobs', async () => {
  await eventually('jobs of the distributor', 30, async () => {
    const answer = await fetch(`${await apiUrl(platform)}/api/job?target-resource.href=nuvlabox/edge-1`);
    expect(((await answer.json()) as { count: number }).count).toBeGreaterThan(0);
  });
  const contenders = await withZookeeper(platform, (zookeeper) => zookeeper.children('/election/check_dct'));
  expect(contenders).toEqual([expect.stringMatching(/^[0-9a-f]{32}__lock__\d{10}$/)]);
});

test('a stop takes no more than a second, also of an executor at work', async () => {
  const [executor] = await containersOf(project, 'job-executor');
  const container = engine().getContainer(executor!.Id);
  const began = Date.now();
  await container.stop({ t: 10 });
  expect(Date.now() - began).toBeLessThan(2_000);
  expect((await container.inspect()).State.ExitCode).toBe(0);
  await container.start();
});

test('the Compose tool finds everything up to date', async () => {
  expect(await upAgain(platform)).toEqual([]);
});

test('a killed ZooKeeper comes back with its queue, and the core services with it', async () => {
  const [last] = (await queueEntries(platform)).slice(-1);
  await killService(platform, 'zookeeper');
  await startService(platform, 'zookeeper');
  await untilHealthy(platform);
  expect(await queueEntries(platform)).toContain(last);
});

test('another process finds the platform again, and the S3 server survives losing everything', async () => {
  const opened = await openDemoPlatform(project, platform.folder);
  expect(opened).toMatchObject({ project, network: platform.network, buckets: platform.buckets, ownsS3: true });
  await opened.s3.stop();
  await opened.s3.start();
  await loseEverything(opened);
  expect(await containersOf(project)).toEqual([]);
  // Also now it is known whose platform this is.
  expect(await folderOf(project)).toBe(platform.folder);
  expect((await fetch(`${opened.s3.endpoint}/health`)).status).toBe(200);
});
