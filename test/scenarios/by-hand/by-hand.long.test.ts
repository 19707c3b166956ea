import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { loseEverything } from '../../../stack/disasters.ts';
import { containersOf } from '../../../stack/engine.ts';
import { expectAlive, facts, quarantined, restartPolicies, snapshotOfEngine, useScenario } from '../harness/index.ts';
import { blocksOfPage, runInBash, scriptOf } from './page.ts';
import { expecting } from '../../expecting.ts';

const scenario = useScenario({ fresh: true });
let folder = '';
let policies: Record<string, string> = {};

beforeAll(async () => {
  policies = restartPolicies(await snapshotOfEngine());
  folder = await mkdtemp(join(tmpdir(), `${facts().project}-by-hand-`));
});
afterAll(async () => {
  // No backup has said that this cluster is the one that goes on: the next one into another catalogue would be refused.
  await scenario.spoil();
  await rm(folder, { recursive: true, force: true });
});

/** What an operator would write into the page's first block. */
function values(point: string): Record<string, string> {
  const { project, folder: home, s3, buckets } = scenario.platform;
  const [accessKey, secretKey] = ['s3_access_key', 's3_secret_key'].map((name) => join(home, 'secrets', name));
  const settings = { bucket: buckets.repository, endpoint: s3.endpoint, path_style_access: 'true' };
  return {
    platform: project,
    point,
    key_file: facts().keyFile,
    work: join(folder, 'work'),
    data: 'elasticsearch zookeeper',
    core: 'api job-executor job-distributor',
    also_stop: '',
    catalogue: 's3',
    catalogue_path: '',
    endpoint: s3.endpoint,
    bucket: buckets.catalogue,
    prefix: '',
    region: 'us-east-1',
    access_key_file: accessKey ?? '',
    secret_key_file: secretKey ?? '',
    store: 'documents',
    elasticsearch: 'elasticsearch',
    repository: 's3_backup',
    repository_body: JSON.stringify({ type: 's3', settings }),
    es_access_key_file: accessKey ?? '',
    es_secret_key_file: secretKey ?? '',
    zookeeper: 'zookeeper',
    // The image of the demo has no zkCli.sh, which calls this.
    zookeeper_client: 'java -cp /opt/zookeeper/lib/* org.apache.zookeeper.ZooKeeperMain',
    queue: '/job',
    job_index: 'nuvla-job',
    default_priority: '999',
    smoke: 'api 8080 /healthz',
    docker_socket: (process.env['DOCKER_HOST'] ?? '/var/run/docker.sock').replace('unix://', ''),
  };
}

/** Docker's root folder is root's alone. */
const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot('by hand, beside a living platform: all stops, and the old data is set aside whole', async () => {
  const { platform } = scenario;
  const blocks = blocksOfPage();
  const last = blocks.findIndex((block) => block.includes('rekindle-quarantine'));
  const { exitCode, output } = await runInBash(scriptOf(blocks.slice(0, last + 1), values('latest')), 120);
  expecting(exitCode, output).toBe(0);
  expect(output).toMatch(/^Recovery point: \d{4}-/m);

  expect((await containersOf(platform.project)).filter(({ State }) => State === 'running')).toEqual([]);
  // Earlier files' restores may have set data aside as well.
  const byHand = (await quarantined(platform.project)).filter((path) => path.includes('/by-hand-'));
  const aside = byHand.map((path) => basename(path));
  expect(aside.sort()).toEqual([...platform.volumes.elasticsearch, ...platform.volumes.zookeeper].sort());
});

test('by hand, word for word from the page: a platform that was lost completely is restored', async () => {
  const { platform } = scenario;
  await loseEverything(platform);

  const { exitCode, output } = await runInBash(scriptOf(blocksOfPage(), values(facts().point)), 400);
  expecting(exitCode, output).toBe(0);
  expect(output).toContain(`${platform.project} is restored from ${facts().point}`);
  await expectAlive(scenario);
  expect(restartPolicies(await snapshotOfEngine())).toEqual(policies);
});
