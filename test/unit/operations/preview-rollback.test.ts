import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readEnvironment } from '../../../config/environment.ts';
import type { DeploymentCapture } from '../../../domain/deployment.ts';
import type { Dependencies } from '../../../operations/open-platform.ts';
import { previewRollback } from '../../../operations/quarantine/preview-rollback.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { encrypt } from '../../../systems/encryption/age.ts';
import { createKeyFile, readKeyFile } from '../../../systems/encryption/key-file.ts';
import { directoryStorage } from '../../../systems/object-storage/directory.ts';
import { demoCapture, demoObserved } from '../../demo-situation.ts';

let folder: string;
const keyFile = () => join(folder, 'key.txt');

/** A host with these quarantines, by the name of their owner; `known`: platforms, with the owners that each recorded. */
async function host(
  quarantined: Record<string, string[]>,
  known: Record<string, string[]>,
  observed = demoObserved(),
): Promise<Dependencies> {
  const platforms = join(folder, 'platforms');
  await mkdir(platforms);
  for (const [name, owners] of Object.entries(known)) {
    const path = join(folder, name);
    const repository = { name: 'backup', type: 's3', settings: {} };
    const file = {
      platform: name,
      deployment: { kind: 'compose', project: name, data: ['elasticsearch', 'zookeeper'], core: ['api'] },
      stores: [{ name: 'documents', kind: 'elasticsearch', service: 'elasticsearch', repository }],
      catalogue: { kind: 'directory', path },
    };
    await writeFile(join(platforms, `${name}.yaml`), stringify(file));
    for (const owner of owners) await record(path, name, owner);
  }
  const docker = {
    observe: () => Promise.resolve(observed),
    listQuarantine: () =>
      Promise.resolve(
        Object.entries(quarantined).map(([run, names]) => ({
          folder: encodeURIComponent(run),
          run,
          volumes: names.map((name) => ({ name })),
        })),
      ),
  } as unknown as Dependencies['docker'];
  return { docker, environment: readEnvironment({ REKINDLE_PLATFORMS: platforms, REKINDLE_KEY_FILE: keyFile() }) };
}

async function record(path: string, platform: string, owner: string): Promise<void> {
  const { identity } = await readKeyFile(keyFile());
  const { containers, networks, volumes } = demoCapture();
  const capture = {
    version: 1,
    takenAt: '2026-11-21T09:30:00Z',
    host: 'machine',
    project: platform,
    containers,
    networks: networks.map((name) => ({ name, create: {} })),
    volumes,
    files: [],
  } as unknown as DeploymentCapture;
  const bytes = await encrypt(new TextEncoder().encode(JSON.stringify(capture)), identity);
  await openCatalogue(directoryStorage(path), platform).putRunObject(owner, 'deployment.age', bytes);
}

const first = 'restore/demo/2026-11-21T09:30:00Z';
const owner = `${first}~01234567`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rekindle-rollback-'));
  await createKeyFile(keyFile());
});
afterEach(() => rm(folder, { recursive: true }));

test.each([first, `quarantine/${first}`, owner, 'demo'])('by %s: the plan of the rollback', async (reference) => {
  const dependencies = await host({ [owner]: ['demo_es-data', 'demo_zk-data'] }, { demo: [owner], other: [] });
  const { run, plan } = await previewRollback(dependencies, reference);
  expect(run).toBe(first);
  expect(plan).toMatchObject({ kind: 'rollback', platform: 'demo' });
  const returned = plan.steps.filter(({ action }) => action === 'returnVolume').map(({ id }) => id);
  expect(returned).toEqual(['rollback-return-demo_es-data', 'rollback-return-demo_zk-data']);
});

test('an id that names no platform is that of the platform whose catalogue knows the run', async () => {
  const named = 'friday~89abcdef';
  const dependencies = await host({ [named]: ['demo_es-data'] }, { another: [], demo: [named] });
  expect((await previewRollback(dependencies, 'friday')).plan.platform).toBe('demo');
});

test('of a platform with several, one must be named', async () => {
  const second = 'restore/demo/2026-11-22T09:30:00Z~89abcdef';
  const dependencies = await host({ [owner]: ['demo_es-data'], [second]: ['demo_zk-data'] }, { demo: [owner, second] });
  await expect(previewRollback(dependencies, 'demo')).rejects.toMatchObject({
    kind: 'InvalidArgument',
    message: `Several runs of demo keep data in quarantine: ${owner}, ${second}`,
  });
  expect((await previewRollback(dependencies, second)).run).toBe('restore/demo/2026-11-22T09:30:00Z');
});

test('nothing in quarantine, or no longer', async () => {
  const dependencies = await host({ [owner]: [] }, { demo: [owner] });
  await expect(previewRollback(dependencies, first)).rejects.toMatchObject({
    kind: 'RunNotFound',
    message: `Nothing that ${first} set aside is in quarantine on this host`,
  });
});

test('with no data service on the host, the quarantine cannot be read: the remedy is the run itself', async () => {
  const dependencies = await host(
    { [owner]: ['demo_es-data'] },
    { demo: [owner] },
    { ...demoObserved(), containers: [] },
  );
  await expect(previewRollback(dependencies, 'demo')).rejects.toMatchObject({
    kind: 'ServiceNotFound',
    remedy: 'Leave out --dry-run: the run itself knows the image that the data was moved with',
  });
});
