import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { loseEverything } from '../../../stack/disasters.ts';
import { s3Storage } from '../../../systems/object-storage/s3.ts';
import { expecting } from '../../expecting.ts';
import { findSecrets } from '../../secret-search.ts';
import { expectAlive, facts, restartPolicies, snapshotOfEngine, useScenario } from '../harness/index.ts';
import { runInBash } from './page.ts';

// The day on which Rekindle and Temporal are gone as well: what each backup leaves in the catalogue is enough.
const scenario = useScenario({ fresh: true });
let folder = '';
let policies: Record<string, string> = {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), `${facts().project}-script-`));
  policies = restartPolicies(await snapshotOfEngine());
});
afterAll(async () => {
  await scenario.spoil();
  await rm(folder, { recursive: true, force: true });
});

/** As `aws s3 cp --recursive` fetches it. */
async function fetchKit(): Promise<{ at: string; texts: Record<string, string> }> {
  const { project, s3, buckets } = scenario.platform;
  const { endpoint, accessKey, secretKey } = s3;
  const place = { bucket: buckets.catalogue, prefix: '', endpoint, region: 'us-east-1', accessKey, secretKey };
  const storage = s3Storage(place);
  const texts: Record<string, string> = {};
  const at = join(folder, 'kit');
  await mkdir(at);
  for await (const { key } of storage.list(`${project}/kit/`)) {
    expect(key).toContain(`~${facts().point}/`);
    const bytes = (await storage.get(key)) ?? new Uint8Array();
    texts[basename(key)] = new TextDecoder().decode(bytes);
    await writeFile(join(at, basename(key)), bytes);
  }
  return { at, texts };
}

const secrets = () => {
  const { accessKey, secretKey } = scenario.platform.s3;
  return { accessKey, secretKey };
};

test('a dry run writes the plan as a script, without Temporal and without a secret', async () => {
  const { project } = facts();
  const file = join(folder, 'restore.sh');
  const args = ['restore', project, '--dry-run', '--script', file];
  const dry = await scenario.rekindle(args, { environment: { TEMPORAL_ADDRESS: '127.0.0.1:1' } });
  expecting(dry.exitCode, dry.stdout + dry.stderr).toBe(0);
  const text = await readFile(file, 'utf8');
  expect(spawnSync('bash', ['-n', file]).status).toBe(0);
  expect(findSecrets([{ where: file, text }], secrets())).toEqual([]);
});

test('a platform that was lost completely comes back from the kit in the catalogue', async () => {
  const { platform } = scenario;
  const { at, texts } = await fetchKit();
  expect(Object.keys(texts).toSorted()).toEqual([
    'README',
    'SHA256SUMS',
    'manifest.json',
    'platform.yaml',
    'restore.sh',
  ]);
  const sums = spawnSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: at, encoding: 'utf8' });
  expecting(sums.status, sums.stdout + sums.stderr).toBe(0);
  expect(texts['platform.yaml']).toBe(await readFile(platform.platformFile, 'utf8'));
  expect(JSON.parse(texts['manifest.json'] ?? '')).toMatchObject({ id: facts().point });
  const written = Object.entries(texts).map(([where, text]) => ({ where, text }));
  expect(findSecrets(written, secrets())).toEqual([]);

  await loseEverything(platform);
  const variables = [
    `export REKINDLE_KEY_FILE='${facts().keyFile}' REKINDLE_WORK='${join(folder, 'work')}'`,
    `export DOCKER_SOCKET='${(process.env['DOCKER_HOST'] ?? '/var/run/docker.sock').replace('unix://', '')}'`,
    // The image of the demo has no zkCli.sh, which calls this.
    "export ZOOKEEPER_CLIENT='java -cp /opt/zookeeper/lib/* org.apache.zookeeper.ZooKeeperMain'",
  ];
  const { exitCode, output } = await runInBash([...variables, `bash ${join(at, 'restore.sh')}`].join('\n'), 400);
  expecting(exitCode, output).toBe(0);
  expect(output).toContain(`${platform.project} is restored from ${facts().point}`);
  await expectAlive(scenario);
  expect(restartPolicies(await snapshotOfEngine())).toEqual(policies);
});
