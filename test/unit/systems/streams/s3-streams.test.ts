import { NoSuchUpload, type S3Client } from '@aws-sdk/client-s3';
import { inParts, mostParts, partSize } from '../../../../systems/object-storage/parts.ts';
import { s3Streams } from '../../../../systems/object-storage/s3-streams.ts';
import { broken, joinedText, steady } from './sources.ts';

/** What the client is asked, with what a bucket would hold. */
function fakeBucket({ failing = () => undefined as Error | undefined, listed = [] as object[] } = {}) {
  const asked: string[] = [];
  const objects = new Map<string, string>();
  const parts: string[] = [];
  let travelling = 0;
  let most = 0;
  const send = async (command: { constructor: { name: string }; input: Record<string, never> }) => {
    const name = command.constructor.name.replace('Command', '');
    const input = command.input as Record<string, unknown>;
    asked.push(name);
    const failure = failing();
    if (failure && name === 'UploadPart') throw failure;
    if (name === 'PutObject') objects.set(String(input.Key), Buffer.from(input.Body as Uint8Array).toString());
    if (name === 'UploadPart') {
      most = Math.max(most, ++travelling);
      await new Promise(setImmediate);
      travelling--;
      // Read only now: what overwrote it meanwhile would show.
      parts.push(Buffer.from(input.Body as Uint8Array).toString());
      return { ETag: `"${String(input.PartNumber)}"` };
    }
    if (name === 'CompleteMultipartUpload') {
      const { Parts } = input.MultipartUpload as { Parts: { PartNumber: number }[] };
      objects.set(String(input.Key), Parts.map(({ PartNumber }) => parts[PartNumber - 1]).join(''));
    }
    if (name === 'ListMultipartUploads') return { Uploads: listed, IsTruncated: false };
    if (name === 'AbortMultipartUpload' && input.UploadId === 'gone')
      throw new NoSuchUpload({ $metadata: {}, message: 'gone' });
    return name === 'CreateMultipartUpload' ? { UploadId: 'u-1' } : {};
  };
  const place = { bucket: 'b', prefix: 'r', region: 'eu', accessKey: 'a', secretKey: 's' };
  const storage = s3Streams(place, { client: { send } as unknown as S3Client, sizeOf: () => 100 });
  return { storage, asked, objects, most: () => most };
}

const text = Array.from({ length: 100 }, (_, number) => `line ${number}`).join('\n');

test('what fits into a part is one request', async () => {
  const { storage, asked, objects } = fakeBucket();
  await storage.write('k', steady(Buffer.from('small')));
  await storage.write('empty', steady(Buffer.alloc(0)));
  expect(asked).toEqual(['PutObject', 'PutObject']);
  expect(Object.fromEntries(objects)).toEqual({ 'r/k': 'small', 'r/empty': '' });
});

test.each([100, 101, 200, text.length])('%d bytes in parts of 100 are one object, completed last', async (length) => {
  const { storage, asked, objects, most } = fakeBucket();
  await storage.write('k', steady(Buffer.from(text.slice(0, length)), 33));
  expect(objects.get('r/k')).toBe(text.slice(0, length));
  expect(asked.filter((name) => name === 'UploadPart')).toHaveLength(Math.ceil(length / 100));
  expect(asked.at(-1)).toBe('CompleteMultipartUpload');
  expect(most()).toBe(1);
});

test.each([50, 99, 100, 350])(
  'a source that breaks off after %d bytes leaves no object and no upload',
  async (length) => {
    const { storage, asked, objects } = fakeBucket();
    const cut = new Error('cut off');
    await expect(storage.write('k', broken(Buffer.from(text.slice(0, length)), cut))).rejects.toBe(cut);
    expect(objects.size).toBe(0);
    expect(asked.includes('CreateMultipartUpload')).toBe(asked.at(-1) === 'AbortMultipartUpload');
  },
);

test('a server that refuses a part leaves no upload, and is named', async () => {
  const refusal = Object.assign(new Error('no'), { name: 'AccessDenied' });
  const { storage, asked, objects } = fakeBucket({ failing: () => refusal });
  const writing = storage.write('k', steady(Buffer.from(text)));
  await expect(writing).rejects.toMatchObject({
    kind: 'AccessDenied',
    message: 'Writing k in s3://b/r/: AccessDenied',
  });
  expect(objects.size).toBe(0);
  expect(asked.at(-1)).toBe('AbortMultipartUpload');
});

test('unfinished uploads of a folder are ended; those of others stay', async () => {
  const listed = [
    { Key: 'r/p/stores/pg/app.age', UploadId: 'u-1' },
    { Key: 'r/p/stores/pg/old.age', UploadId: 'gone' },
    { Key: 'elasticsearch/index', UploadId: 'u-3' },
  ];
  const { storage, asked } = fakeBucket({ listed });
  expect(await storage.abandon('p/stores/pg/')).toBe(2);
  expect(asked).toEqual(['ListMultipartUploads', 'AbortMultipartUpload', 'AbortMultipartUpload']);
});

test('ten thousand parts hold 234 GiB, and each has a size that S3 admits', () => {
  const sizes = Array.from({ length: mostParts }, (_, index) => partSize(index + 1));
  expect(Math.floor(sizes.reduce((sum, size) => sum + size) / 1024 ** 3)).toBe(234);
  expect(sizes.every((size) => size >= 5 * 1024 ** 2)).toBe(true);
});

test('parts of growing size are cut in order', async () => {
  const cut: number[] = [];
  const noted = async function* () {
    for await (const part of inParts(steady(Buffer.from(text), 7), (number) => number * 10)) {
      cut.push(part.length);
      yield Buffer.from(part);
    }
  };
  expect(await joinedText(noted())).toBe(text);
  expect(cut.slice(0, 4)).toEqual([10, 20, 30, 40]);
});
