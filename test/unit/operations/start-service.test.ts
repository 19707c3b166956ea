import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readEnvironment } from '../../../config/environment.ts';
import { Failure } from '../../../domain/failures.ts';
import { openPlatform, type Dependencies } from '../../../operations/open-platform.ts';
import { recordDeployment } from '../../../operations/quarantine/recorded-deployment.ts';
import { startService } from '../../../operations/services/containers.ts';
import { generateKey } from '../../../systems/encryption/age.ts';
import { unlessStopped } from '../../demo-situation.ts';
import { least } from '../config/platform-file-samples.ts';

const web = { name: 'web-1', restartPolicy: unlessStopped };
const gone = new Failure('ServiceNotFound', { message: 'Container web-1 is not on this host', remedy: '' });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rkt-start-'));
  const { platform } = least;
  const catalogue = { kind: 'directory', path: join(folder, 'catalogue') };
  await writeFile(join(folder, `${platform}.yaml`), stringify({ ...least, catalogue }));
  await writeFile(join(folder, 'key.txt'), (await generateKey()).fileText, { mode: 0o600 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An engine without the container; it creates those that the capture names. */
function host() {
  const there = new Set<string>();
  const docker = {
    capture: () => Promise.resolve({ containers: [{ name: 'web-1' }] }),
    observe: () => Promise.resolve({ containers: [] }),
    startContainers: () => (there.has('web-1') ? Promise.resolve([]) : Promise.reject(gone)),
    createContainers: ({ containers }: { containers: { name: string }[] }, names: string[]) => {
      const created = containers.filter(({ name }) => names.includes(name));
      for (const { name } of created) there.add(name);
      return Promise.resolve(created.map(({ name }) => ({ name, outcome: 'created' })));
    },
    awaitHealthy: () => Promise.resolve(),
  };
  const variables = { REKINDLE_PLATFORMS: folder, REKINDLE_KEY_FILE: join(folder, 'key.txt') };
  return { environment: readEnvironment(variables), docker } as unknown as Dependencies;
}

const call = (execution: string) => ({ platform: least.platform, run: 'restore/1', execution });
const start = (dependencies: Dependencies, execution: string) =>
  startService(
    dependencies,
    { ...call(execution), arguments: { service: 'web', containers: [web], healthTimeoutSeconds: 1, settleSeconds: 0 } },
    {},
  );

test('a container that was there when the plan was made, and is gone, is created as the run recorded it', async () => {
  const dependencies = host();
  const open = await openPlatform(dependencies, least.platform);
  await recordDeployment(open, { ...call('0199a1b2'), arguments: {} });
  expect((await start(dependencies, '0199a1b2')).summary).toContain('1 created from the capture');
});

test('a run that recorded nothing says what is missing', async () => {
  await expect(start(host(), '0299a1b2')).rejects.toThrow('Container web-1 is not on this host');
});
