import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Failure } from '../../../domain/failures.ts';
import { decrypt, encrypt, generateKey } from '../../../systems/encryption/age.ts';
import { createKeyFile, readKeyFile } from '../../../systems/encryption/key-file.ts';

const secret = new TextEncoder().encode('PASSWORD=hunter2');
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as Failure,
  );

describe('encryption', () => {
  test('what is encrypted for a key, or its public half, is decrypted with it', async () => {
    const { identity, recipient } = await generateKey();
    for (const key of [identity, recipient]) {
      const sealed = await encrypt(secret, key);
      expect(Buffer.from(sealed).toString('latin1')).toMatch(/^age-encryption\.org\/v1\n/);
      expect(Buffer.from(sealed).toString('latin1')).not.toContain('hunter2');
      expect(await decrypt(sealed, identity)).toEqual(secret);
    }
  });

  test('another key, a torn or an altered file: CaptureUnreadable, with the remedy, without the key', async () => {
    const { identity } = await generateKey();
    const other = await generateKey();
    const sealed = await encrypt(secret, identity);
    const altered = sealed.slice();
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    const failures = await Promise.all([
      failureOf(decrypt(sealed, other.identity)),
      failureOf(decrypt(sealed.slice(0, 50), identity)),
      failureOf(decrypt(altered, identity)),
      failureOf(decrypt(new Uint8Array(), identity)),
    ]);
    for (const failure of failures) {
      expect(failure).toMatchObject({ kind: 'CaptureUnreadable' });
      expect(failure?.remedy).toContain('REKINDLE_KEY_FILE');
      expect(failure?.message).not.toContain('AGE-SECRET-KEY');
    }
    expect(failures[0]?.message).toContain(other.recipient);
  });
});

describe('the key file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rkt-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('is as the age tool writes it, its owner alone reads it, and never overwritten', async () => {
    const path = join(folder, 'new/key.txt');
    const { recipient } = await createKeyFile(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const text = await readFile(path, 'utf8');
    expect(text).toMatch(/^# created: \S+Z\n# public key: age1\S+\nAGE-SECRET-KEY-1\S+\n$/);
    expect(await readKeyFile(path)).toMatchObject({ recipient });
    expect(await failureOf(createKeyFile(path))).toMatchObject({ kind: 'InvalidArgument' });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('that is absent, empty, damaged or a folder: MissingKey, with the remedy, without the key', async () => {
    const { identity } = await generateKey();
    const empty = join(folder, 'empty.txt');
    const damaged = join(folder, 'damaged.txt');
    await writeFile(empty, '# nothing\n');
    await writeFile(damaged, `${identity.slice(0, -3)}QQQ\n`);
    for (const path of [join(folder, 'none.txt'), empty, damaged, folder]) {
      const failure = await failureOf(readKeyFile(path));
      expect(failure).toMatchObject({ kind: 'MissingKey' });
      expect(failure?.message).not.toContain(identity.slice(16, 40));
    }
    expect((await failureOf(readKeyFile(join(folder, 'none.txt'))))?.remedy).toContain('rekindle keygen');
  });
});
