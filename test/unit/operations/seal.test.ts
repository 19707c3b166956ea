import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Said } from '../../../domain/seal.ts';
import { faultOfSeal, openSealer } from '../../../operations/access/seal.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rkt-seal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const keyFile = () => join(folder, 'gateway-key.pub.pem');
const said: Said = { run: 'restore/nuvla/1', execution: 'e1', word: 'approve', by: 'alice', planHash: 'abc' };

test('what the gateway sealed is proven, also after its restart', async () => {
  const first = await openSealer(folder);
  const second = await openSealer(folder);
  for (const seal of [first, second])
    expect(await faultOfSeal(said, seal(said), { keyFile: keyFile() })).toBeUndefined();
  expect((await stat(join(folder, 'gateway-key.pem'))).mode & 0o777).toBe(0o600);
  expect(await readFile(keyFile(), 'utf8')).not.toContain('PRIVATE');
});

test.each<Partial<Said>>([
  { run: 'restore/nuvla/2' },
  { execution: 'e2' },
  { word: 'reject' },
  { by: 'mallory' },
  { planHash: 'abd' },
  { step: 'one' },
  { choice: 'skip' },
])('a seal proves nothing else: %j', async (other) => {
  const seal = (await openSealer(folder))(said);
  expect(await faultOfSeal({ ...said, ...other }, seal, { keyFile: keyFile() })).toContain('signature');
});

test('a forged seal, an old one, and one of another gateway', async () => {
  const seal = (await openSealer(folder))(said);
  const options = { keyFile: keyFile() };
  expect(await faultOfSeal(said, { ...seal, signature: 'AAAA' }, options)).toContain('signature');
  expect(await faultOfSeal(said, { ...seal, at: new Date().toISOString() + ' ' }, options)).toContain('signature');
  for (const hours of [1, -1])
    expect(await faultOfSeal(said, seal, { ...options, now: () => Date.now() + hours * 3_600_000 })).toContain('300 s');
  const other = await mkdtemp(join(tmpdir(), 'rkt-seal-'));
  const otherSeal = (await openSealer(other))(said);
  expect(await faultOfSeal(said, otherSeal, options)).toContain('signature');
  // A worker that serves two gateways has both keys in one file.
  const both = join(folder, 'both.pem');
  await writeFile(
    both,
    (await readFile(keyFile(), 'utf8')) + (await readFile(join(other, 'gateway-key.pub.pem'), 'utf8')),
  );
  for (const each of [seal, otherSeal]) expect(await faultOfSeal(said, each, { keyFile: both })).toBeUndefined();
  await rm(other, { recursive: true });
});

test.each([
  ['absent', undefined, 'ENOENT'],
  ['empty', '', 'it holds no public key in PEM format'],
  ['damaged', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n', 'it is no Ed25519 key in PEM format'],
])('a key file that is %s is named', async (_, text, why) => {
  const file = join(folder, 'keys.pem');
  if (text !== undefined) await writeFile(file, text);
  await expect(faultOfSeal(said, { at: '', signature: '' }, { keyFile: file })).rejects.toMatchObject({
    kind: 'MissingKey',
    message: `The gateway's key in ${file} cannot be read: ${why}`,
  });
});
