import { mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { directoryStorage } from '../../../systems/object-storage/directory.ts';
import { objectStorageConformance } from './conformance.ts';

const made: string[] = [];
const newDirectory = async () => {
  const path = await mkdtemp(join(tmpdir(), 'rkt-'));
  made.push(path);
  return path;
};
afterAll(async () => {
  for (const path of made) await rm(path, { recursive: true });
});

objectStorageConformance('directory', async () => directoryStorage(join(await newDirectory(), 'made/when/needed')));

test('only the owner may read what is written', async () => {
  const root = await newDirectory();
  await directoryStorage(root).put('points/capture.age', new Uint8Array([1]));
  expect((await stat(join(root, 'points/capture.age'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(root, 'points'))).mode & 0o777).toBe(0o700);
});

test('what a crash left behind is not listed, and a write leaves nothing behind', async () => {
  const root = await newDirectory();
  await writeFile(join(root, '.1234.rekindle-tmp'), 'half');
  const storage = directoryStorage(root);
  await storage.put('one', new Uint8Array([1]));
  const keys = [];
  for await (const { key } of storage.list('')) keys.push(key);
  expect(keys).toEqual(['one']);
  expect((await readdir(root)).toSorted()).toEqual(['.1234.rekindle-tmp', 'one']);
});

test('a link out of the directory is not listed', async () => {
  const root = await newDirectory();
  await symlink('/etc/passwd', join(root, 'link'));
  await symlink('/etc', join(root, 'folder'));
  for await (const { key } of directoryStorage(root).list('')) expect(key).toBeUndefined();
});

test('a place where nothing can be written is a clear failure', async () => {
  const root = await newDirectory();
  await writeFile(join(root, 'file'), '');
  const put = directoryStorage(join(root, 'file')).put('a', new Uint8Array());
  await expect(put).rejects.toMatchObject({
    kind: 'CatalogueRefused',
    message: expect.stringContaining(root) as string,
  });
});
