import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../../../domain/failures.ts';
import { storeFolder, type PartReceipt } from '../../../../domain/streams/part.ts';
import { generateKey } from '../../../../systems/encryption/age.ts';
import { directoryStreams } from '../../../../systems/object-storage/directory-streams.ts';
import { readPart, verifyPart } from '../../../../systems/streams/read-part.ts';
import { writePart, type PartToWrite } from '../../../../systems/streams/write-part.ts';
import { useAtEnd } from '../../../at-end.ts';
import { broken, content, hanging, joinedText, steady } from './sources.ts';

const atEnd = useAtEnd();
const folder = storeFolder('nuvla', '2026-11-21t0930z', 'pg');

async function scene(compression: PartToWrite['compression'] = 'gzip') {
  const root = await mkdtemp(join(tmpdir(), 'rekindle-streams-'));
  atEnd(() => rm(root, { recursive: true }));
  const { identity, recipient } = await generateKey();
  const storage = directoryStreams(root);
  const task = { folder, part: 'app', compression, recipient, silenceSeconds: 30, what: 'pg_dump of app' };
  const files = async () =>
    (await readdir(root, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((f) => f.name);
  return { root, identity, storage, task, files };
}

test.each(['gzip', 'none'] as const)(
  'what is written (%s) is read back, equal and accounted for',
  async (compression) => {
    const { storage, task, identity, files } = await scene(compression);
    const seen: number[] = [];
    const onProgress = ({ done }: { done: number }) => void seen.push(done);
    const receipt = await writePart(storage, steady(content), task, { onProgress });
    expect(receipt).toMatchObject({ part: 'app', compression, content: { bytes: content.length } });
    expect(seen.at(-1)).toBe(content.length);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(await joinedText(readPart(storage, receipt, identity))).toBe(content.toString());
    expect(await verifyPart(storage, receipt, undefined)).toBe(receipt.bytes);
    expect(await files()).toEqual([compression === 'gzip' ? 'app.gz.age' : 'app.raw.age']);
  },
);

test('nothing of the content can be read without the key', async () => {
  const { storage, task } = await scene('none');
  const receipt = await writePart(storage, steady(content), task);
  const stored = await joinedText((await storage.read(receipt.key))!);
  expect(stored).toMatch(/^age-encryption.org\/v1/);
  expect(stored).not.toContain(content.subarray(0, 40).toString());
});

test('an empty stream is a part like any other', async () => {
  const { storage, task, identity } = await scene();
  const receipt = await writePart(storage, steady(Buffer.alloc(0)), task);
  expect(receipt.content.bytes).toBe(0);
  expect(await joinedText(readPart(storage, receipt, identity))).toBe('');
});

test('a source that is cut off leaves nothing, and its own failure is the one that is reported', async () => {
  const { storage, task, files } = await scene();
  const cut = new Failure('ContainerFailed', { message: 'pg_dump ended with exit code 1', remedy: 'Read its log' });
  await expect(writePart(storage, broken(content, cut), task)).rejects.toBe(cut);
  expect(await files()).toEqual([]);
});

test('a source that is cut off does not replace what is under the name', async () => {
  const { storage, task, identity } = await scene();
  const receipt = await writePart(storage, steady(content), task);
  await expect(writePart(storage, broken(Buffer.from('other'), new Error('cut')), task)).rejects.toThrow('cut');
  expect(await joinedText(readPart(storage, receipt, identity))).toBe(content.toString());
});

test('a source that hangs is given up, and named', async () => {
  const { storage, task, files } = await scene();
  const writing = writePart(storage, hanging(content), { ...task, silenceSeconds: 0.05 });
  await expect(writing).rejects.toMatchObject({
    kind: 'StepTimedOut',
    message: 'pg_dump of app sent nothing for 0.05 s',
  });
  expect(await files()).toEqual([]);
});

test('who is cancelled stops, though the source hangs', async () => {
  const { storage, task, files } = await scene();
  const controller = new AbortController();
  const onProgress = () => controller.abort(new Error('cancelled'));
  const writing = writePart(storage, hanging(content), task, { signal: controller.signal, onProgress });
  await expect(writing).rejects.toThrow('cancelled');
  expect(await files()).toEqual([]);
});

test('who was cancelled before writes nothing', async () => {
  const { storage, task, files } = await scene();
  const signal = AbortSignal.abort(new Error('cancelled'));
  await expect(writePart(storage, steady(content), task, { signal })).rejects.toThrow('cancelled');
  expect(await files()).toEqual([]);
});

test('what is no public key is refused without being quoted', async () => {
  const { storage, task, identity, files } = await scene();
  const error = await writePart(storage, steady(content), { ...task, recipient: identity }).catch((e: unknown) => e);
  expect(error).toMatchObject({ kind: 'MissingKey' });
  expect((error as Error).message).not.toContain(identity);
  expect(await files()).toEqual([]);
});

test('what a dead writer left is removed, and nothing else', async () => {
  const { root, storage, task, files } = await scene();
  await writePart(storage, steady(content), task);
  await writeFile(join(root, folder, '.app.gz.age.4711.rekindle-tmp'), 'half');
  expect(await storage.abandon(folder)).toBe(1);
  expect(await files()).toEqual(['app.gz.age']);
  expect(await storage.abandon('nuvla/points/none/stores/pg/')).toBe(0);
});

describe('damage is found', () => {
  async function written() {
    const made = await scene();
    const receipt = await writePart(made.storage, steady(content), made.task);
    const stored = Buffer.from(await joinedText((await made.storage.read(receipt.key))!, 'latin1'), 'latin1');
    const replace = (bytes: Buffer) => writeFile(join(made.root, receipt.key), bytes);
    return { ...made, receipt, stored, replace };
  }
  const readAll = (made: Awaited<ReturnType<typeof written>>, receipt: PartReceipt = made.receipt) =>
    joinedText(readPart(made.storage, receipt, made.identity));

  test('cut short', async () => {
    const made = await written();
    await made.replace(made.stored.subarray(0, -20));
    await expect(verifyPart(made.storage, made.receipt, undefined)).rejects.toMatchObject({
      kind: 'RepositoryCorrupted',
    });
    await expect(readAll(made)).rejects.toMatchObject({ kind: 'RepositoryCorrupted' });
  });

  test('one bit changed', async () => {
    const made = await written();
    made.stored[made.stored.length - 100]! ^= 1;
    await made.replace(made.stored);
    await expect(verifyPart(made.storage, made.receipt, undefined)).rejects.toThrow('another SHA-256 of its object');
    await expect(readAll(made)).rejects.toBeInstanceOf(Failure);
  });

  test('gone', async () => {
    const made = await written();
    await rm(join(made.root, made.receipt.key));
    await expect(readAll(made)).rejects.toThrow(/app \(nuvla.*is missing in directory/);
  });

  test('another key', async () => {
    const made = await written();
    const other = await generateKey();
    const reading = joinedText(readPart(made.storage, made.receipt, other.identity));
    const refusal: unknown = await reading.catch((error: unknown) => error);
    expect(refusal).toMatchObject({ kind: 'CaptureUnreadable' });
    expect(String(refusal)).toContain(other.recipient);
  });

  test('a receipt of other content', async () => {
    const made = await written();
    const content = { ...made.receipt.content, sha256: '0'.repeat(64) };
    await expect(readAll(made, { ...made.receipt, content })).rejects.toThrow('another SHA-256 of its content');
  });

  test('what was never compressed', async () => {
    const made = await scene('none');
    const receipt = await writePart(made.storage, steady(content), made.task);
    const reading = joinedText(readPart(made.storage, { ...receipt, compression: 'gzip' }, made.identity));
    await expect(reading).rejects.toThrow('is not in the format gzip');
  });
});
