import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platformLoader } from '../../../config/platform-loader.ts';

let folder: string;
const write = (text: string) => writeFile(join(folder, 'nuvla.yaml'), text);
const file = (data: string) =>
  `platform: nuvla\ndeployment: { kind: compose, project: nuvla, data: [${data}] }\nstores:\n  - { name: documents, kind: elasticsearch, service: es, repository: { name: s3_backup, type: s3 } }\ncatalogue: { kind: directory, path: /var/lib/points }\n`;

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'rekindle-loader-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

test('all who ask at one moment get the same reading; a changed file is read again', async () => {
  await write(file('es'));
  const load = platformLoader(folder, {});
  const [one, other] = await Promise.all([load('nuvla'), load('nuvla')]);
  expect(one).toBe(other);
  await write(file('es, zookeeper'));
  expect((await load('nuvla')).platform.deployment.data).toEqual(['es', 'zookeeper']);
});

test('a file that cannot be read is tried again', async () => {
  await write(file('es'));
  const load = platformLoader(folder, {});
  await rm(join(folder, 'nuvla.yaml'));
  await expect(load('nuvla')).rejects.toMatchObject({ kind: 'UnknownPlatform' });
  await write('nonsense');
  await expect(load('nuvla')).rejects.toMatchObject({ kind: 'InvalidPlatformFile' });
  await write(file('es'));
  expect(await load('nuvla')).toMatchObject({ platform: { platform: 'nuvla' } });
});

test('a link that leads nowhere is a file that cannot be read', async () => {
  await symlink(join(folder, 'gone'), join(folder, 'nuvla.yaml'));
  await expect(platformLoader(folder, {})('nuvla')).rejects.toMatchObject({ kind: 'InvalidPlatformFile' });
});
