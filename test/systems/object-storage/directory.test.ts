import { execFileSync } from 'node:child_process';
import { mkdtemp, open, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryStorage } from '../../../systems/object-storage/directory.ts';
import { directoryFailure } from '../../../systems/object-storage/directory-failures.ts';
import type { ObjectStorage } from '../../../systems/object-storage/object-storage.ts';
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

describe('a directory that cannot be created', () => {
  const keysOf = async (storage: ObjectStorage) => {
    const keys = [];
    for await (const { key } of storage.list('points/')) keys.push(key);
    return keys;
  };
  const rootFor = async (name: string) => join(await newDirectory(), name);
  const file = async () => {
    const path = await rootFor('file');
    await writeFile(path, '');
    return path;
  };
  const circle = async () => {
    const path = await rootFor('circle');
    await symlink(path, path);
    return path;
  };

  // Each is refused at once, by reads too: that it holds nothing would be an answer.
  test.each([
    ['cannot be made, since its file system makes none', () => '/proc/nope/c', /cannot be made \(ENOENT\)/],
    ['is a file', file, /a file stands .*\(ENOTDIR\)/],
    ['is below a file', async () => join(await file(), 'below/it'), /a file stands .*\(ENOTDIR\)/],
    ['is a link in a circle', circle, /circle \(ELOOP\)/],
    ['has too long a name', () => rootFor('x'.repeat(300)), /too long .*\(ENAMETOOLONG\)/],
    ['lies where nobody may write', () => '/sys/kernel/rekindle', /\((EPERM|EACCES|EROFS)\)/],
  ])('since it %s', async (_, root, message) => {
    const path = await root();
    const storage = directoryStorage(path);
    const refusal = { kind: 'CatalogueRefused', message: expect.stringMatching(message) as string };
    await expect(storage.put('points/a', new Uint8Array())).rejects.toMatchObject(refusal);
    await expect(storage.get('points/a')).rejects.toMatchObject(refusal);
    await expect(keysOf(storage)).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining(path) as string,
      remedy: expect.stringMatching(/catalogue/) as string,
    });
  });

  test('a file system that does not answer is unreachable, which is retried', async () => {
    const root = await newDirectory();
    const pipe = join(root, 'silent');
    execFileSync('mkfifo', [pipe]);
    const got = directoryStorage(root, { silenceSeconds: 0.2 }).get('silent');
    await expect(got).rejects.toMatchObject({ kind: 'ObjectStorageUnreachable' });
    // Lets go of the thread that waits for a writer.
    await (await open(pipe, 'w')).close();
  });
});

test.each([
  ['EACCES', 'CatalogueRefused'],
  ['EROFS', 'CatalogueRefused'],
  ['ENOSPC', 'ObjectStorageFull'],
  ['EDQUOT', 'ObjectStorageFull'],
  ['EIO', 'ObjectStorageUnreachable'],
  ['ESTALE', 'ObjectStorageUnreachable'],
  ['ENOTCONN', 'ObjectStorageUnreachable'],
  ['ESOMETHING', 'CatalogueRefused'],
])('%s is %s', (code, kind) => {
  const failure = directoryFailure(Object.assign(new Error(), { code }), 'writing a', 'directory /x');
  expect(failure).toMatchObject({ kind, message: expect.stringContaining(`directory /x`) as string });
  expect(failure.message).toContain(code);
});

test('a missing object in an existing directory is missing, also where an object is in the way of its folder', async () => {
  const storage = directoryStorage(await newDirectory());
  await storage.put('object', new Uint8Array([1]));
  expect(await storage.get('object/below')).toBeUndefined();
  expect(await storage.get('nothing')).toBeUndefined();
  await storage.delete('object/below');
});
