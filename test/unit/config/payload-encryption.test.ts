import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import { encryptedEncoding, payloadCodec } from '../../../config/payload-encryption/codec.ts';
import { createPayloadKeyFile } from '../../../operations/payload-key-file.ts';
import { payloadKey, readPayloadKeys } from '../../../config/payload-encryption/keys.ts';
import { redact } from '../../../config/redaction.ts';

const newKey = () => payloadKey(randomBytes(32));
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const valueOf = (payload: Payload): unknown => defaultPayloadConverter.fromPayload(payload);
const encodingOf = ({ metadata }: Payload) => Buffer.from(metadata?.['encoding'] ?? []).toString();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rekindle-payload-keys-'));
});
afterAll(() => rm(folder, { recursive: true }));
const keyFile = async (name: string, text: string) => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};

test('encrypted payloads are decrypted again, and hide their content', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), async (values) => {
      const codec = payloadCodec([newKey()]);
      const plain = values.map(payloadOf);
      const sealed = await codec.encode(plain);
      expect(sealed.map(encodingOf)).toEqual(plain.map(() => encryptedEncoding));
      expect((await codec.decode(sealed)).map(valueOf)).toEqual(values.map((value) => valueOf(payloadOf(value))));
    }),
    { numRuns: 50 },
  ));

test('bytes and undefined keep their encoding', async () => {
  const codec = payloadCodec([newKey()]);
  const [bytes, nothing] = await codec.decode(
    await codec.encode([payloadOf(new Uint8Array([1, 2])), payloadOf(undefined)]),
  );
  expect([encodingOf(bytes!), encodingOf(nothing!)]).toEqual(['binary/plain', 'binary/null']);
  expect([...(bytes?.data ?? [])]).toEqual([1, 2]);
});

test('the same text never looks the same twice', async () => {
  const codec = payloadCodec([newKey()]);
  const [one, two] = await codec.encode([payloadOf('a sentence'), payloadOf('a sentence')]);
  expect(Buffer.from(one!.data!)).not.toEqual(Buffer.from(two!.data!));
  expect(Buffer.from(one!.data!).subarray(0, 12)).not.toEqual(Buffer.from(two!.data!).subarray(0, 12));
  expect(Buffer.from(one!.data!).toString('latin1')).not.toContain('a sentence');
});

test('an old key still decrypts; only the first encrypts', async () => {
  const [oldKey, recent] = [newKey(), newKey()];
  const before = await payloadCodec([oldKey]).encode([payloadOf('of old')]);
  const rotated = payloadCodec([recent, oldKey]);
  expect((await rotated.decode(before)).map(valueOf)).toEqual(['of old']);
  const after = await rotated.encode([payloadOf('of late')]);
  await expect(payloadCodec([oldKey]).decode(after)).rejects.toThrow(recent.id);
  expect((await payloadCodec([recent]).decode(after)).map(valueOf)).toEqual(['of late']);
});

test('what is not encrypted passes through, with and without a key', async () => {
  const plain = [payloadOf({ platform: 'nuvla' }), { data: new Uint8Array([7]) }];
  expect(await payloadCodec([newKey()]).decode(plain)).toEqual(plain);
  expect(await payloadCodec([]).encode(plain)).toEqual(plain);
});

test.each([
  ['without a key', [], /this process has none; point REKINDLE_PAYLOAD_KEY_FILE/],
  ['with another key', [newKey()], /this process has only [0-9a-f]{16}; point REKINDLE_PAYLOAD_KEY_FILE/],
])('%s, the failure names the key and the remedy', async (_, keys, message) => {
  const key = newKey();
  const failure: unknown = await payloadCodec(keys)
    .decode(await payloadCodec([key]).encode([payloadOf('x')]))
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ kind: 'MissingKey', message: expect.stringMatching(message) as string });
  expect((failure as Error).message).toContain(key.id);
});

test('every altered byte, and every cut, is noticed', async () => {
  const codec = payloadCodec([newKey()]);
  const [sealed] = await codec.encode([payloadOf('a sentence')]);
  const data = Buffer.from(sealed!.data!);
  for (let index = 0; index < data.length; index += 1) {
    const altered = Buffer.from(data);
    altered[index]! ^= 1;
    await expect(codec.decode([{ ...sealed, data: altered }])).rejects.toMatchObject({ kind: 'MissingKey' });
    await expect(codec.decode([{ ...sealed, data: data.subarray(0, index) }])).rejects.toThrow('altered');
  }
  const other = payloadKey(randomBytes(32));
  await expect(
    payloadCodec([{ ...other, id: 'same' }]).decode(
      await payloadCodec([{ ...newKey(), id: 'same' }]).encode([payloadOf('x')]),
    ),
  ).rejects.toThrow('altered');
});

test('a made key file is its owner’s alone, is never replaced, and is read again', async () => {
  const file = join(folder, 'new', 'payload-key.txt');
  const made = await createPayloadKeyFile(file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readPayloadKeys(file)).toEqual([made]);
  await expect(createPayloadKeyFile(file)).rejects.toMatchObject({ kind: 'InvalidArgument' });
  const second = await createPayloadKeyFile(join(folder, 'second'));
  const both = await keyFile('both', (await readFile(join(folder, 'second'), 'utf8')) + (await readFile(file, 'utf8')));
  expect((await readPayloadKeys(both)).map(({ id }) => id)).toEqual([second.id, made.id]);
  expect(redact(await readFile(both, 'utf8'))).not.toContain(made.key.toString('base64url'));
});

test('no file named: no keys', async () => {
  expect(await readPayloadKeys(undefined)).toEqual([]);
});

test.each([
  ['nothing-there', undefined, /There is no payload key file .*nothing-there/],
  ['empty', '# nothing\n\n', /empty holds no key/],
  ['a-capture-key', 'AGE-SECRET-KEY-1QQQQ\n', /Line 1 of the payload key file .*a-capture-key is not a payload key/],
  ['cut', '# one\nREKINDLE-PAYLOAD-KEY-1short\n', /Line 2 of the payload key file .*cut is not a payload key/],
])('a bad key file: %s', async (name, text, message) => {
  const file = text === undefined ? join(folder, name) : await keyFile(name, text);
  const failure: unknown = await readPayloadKeys(file).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    kind: 'MissingKey',
    message: expect.stringMatching(message) as string,
    remedy: expect.stringContaining('rekindle keygen --payload') as string,
  });
  expect((failure as Error).message).not.toMatch(/QQQQ|short/);
});

test('a key file that cannot be read', async () => {
  await expect(readPayloadKeys(folder)).rejects.toThrow('cannot be read: EISDIR');
});
