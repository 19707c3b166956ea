import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownTemporal } from '../../../cli/servers/own-temporal.ts';
import { readEnvironment } from '../../../config/environment.ts';
import { makePrivateFolder } from '../../../operations/private-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekindle-own-temporal-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('a folder for the database that cannot be created is refused at once, and nothing is started', async () => {
  await writeFile(path.join(folder, 'temporal'), '');
  const environment = readEnvironment({ PATH: folder, REKINDLE_KEY_FILE: '/proc/rekindle/own/key.txt' });
  await expect(ownTemporal(environment)).rejects.toMatchObject({
    kind: 'InvalidArgument',
    message: 'The folder /proc/rekindle/own cannot be created: ENOENT',
    remedy: expect.stringContaining('REKINDLE_KEY_FILE') as string,
  });
});

test('a private folder is its owner’s alone, and may exist already', async () => {
  const made = path.join(folder, 'a/b');
  for (let times = 0; times < 2; times++) await makePrivateFolder(made, 'Choose another');
  expect((await stat(made)).mode & 0o777).toBe(0o700);
});
