import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTokens } from '../../../operations/access/tokens.ts';

// cspell:ignore alise

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rkt-tokens-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = () => join(folder, 'tokens.json');

test('a token is known by itself only; the file holds its hash and lets nobody else read', async () => {
  const tokens = openTokens(folder);
  expect(await tokens.exist()).toBe(false);
  const secret = await tokens.create({ name: 'alice', role: 'approver' });
  expect(secret).toMatch(/^rkd_[A-Za-z0-9_-]{43}$/);
  expect(await tokens.find(secret)).toMatchObject({ name: 'alice', role: 'approver' });
  expect(await tokens.find(`${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`)).toBeUndefined();
  expect(await tokens.find('')).toBeUndefined();
  expect(await readFile(file(), 'utf8')).not.toContain(secret.slice(4));
  expect((await stat(file())).mode & 0o777).toBe(0o600);
});

test('a gateway that runs sees what the command line makes and revokes', async () => {
  const gateway = openTokens(folder);
  const commandLine = openTokens(folder);
  const secret = await commandLine.create({ name: 'alice', role: 'viewer' });
  expect(await gateway.find(secret)).toMatchObject({ name: 'alice' });
  await commandLine.revoke('alice');
  expect(await gateway.find(secret)).toBeUndefined();
  // With the last token revoked, tokens are still asked for.
  expect(await gateway.exist()).toBe(true);
});

test('an expired token is none', async () => {
  let now = Date.parse('2026-11-28T00:00:00Z');
  const tokens = openTokens(folder, () => now);
  const secret = await tokens.create({ name: 'alice', role: 'viewer', expiresAt: '2026-11-28T01:00:00.000Z' });
  expect(await tokens.find(secret)).toBeDefined();
  now += 3_600_000;
  expect(await tokens.find(secret)).toBeUndefined();
});

test('the last use is kept, to the minute', async () => {
  let now = Date.parse('2026-11-28T00:00:00Z');
  const tokens = openTokens(folder, () => now);
  const secret = await tokens.create({ name: 'alice', role: 'viewer' });
  now += 90_000;
  await tokens.find(secret);
  now += 30_000;
  await tokens.find(secret);
  expect(await openTokens(folder).list()).toMatchObject([{ lastUsedAt: '2026-11-28T00:01:30.000Z' }]);
});

test('names are unique, also when twenty are made at once, and none is lost', async () => {
  const made = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => openTokens(folder).create({ name: `name-${index % 10}`, role: 'viewer' })),
  );
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  expect((await openTokens(folder).list()).map(({ name }) => name).toSorted()).toEqual(
    Array.from({ length: 10 }, (_, index) => `name-${index}`),
  );
  await expect(openTokens(folder).create({ name: 'name-1', role: 'viewer' })).rejects.toMatchObject({
    kind: 'InvalidArgument',
    message: 'There is a token "name-1" already',
    remedy: 'Choose another name, or revoke that one first: rekindle token revoke name-1',
  });
});

test('a name that nobody has cannot be revoked', async () => {
  const tokens = openTokens(folder);
  await tokens.create({ name: 'alice', role: 'viewer' });
  await expect(tokens.revoke('alise')).rejects.toMatchObject({ remedy: expect.stringContaining('"alice"') as string });
});

test('a damaged file lets nobody in', async () => {
  await writeFile(file(), '{"version":1,"tokens":[');
  await expect(openTokens(folder).find(`rkd_${'A'.repeat(43)}`)).rejects.toMatchObject({
    kind: 'InvalidArgument',
    message: `The tokens in ${file()} cannot be read: it is not what "rekindle token" writes`,
  });
});

test('a state folder that cannot be written is named', async () => {
  await writeFile(join(folder, 'in-the-way'), '');
  await expect(openTokens(join(folder, 'in-the-way')).create({ name: 'alice', role: 'viewer' })).rejects.toMatchObject({
    kind: 'InvalidArgument',
    message: expect.stringContaining('cannot be written') as string,
  });
});
