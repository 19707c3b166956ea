import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { extract, pack, type Header } from 'tar-stream';
import { inflate } from '../../../systems/archives/inflate.ts';
import { readTar, TarFault } from '../../../systems/archives/read-tar.ts';
import { padding, tarEnd, tarHeader } from '../../../systems/archives/tar-header.ts';

const long = `catalogue/nuvla/points/2026-11-21t0930z/manifest~${'1'.repeat(120)}~ü.json`;

const tarOf = (entries: [string, string][]) =>
  Buffer.concat([
    ...entries.flatMap(([name, text]) => {
      const bytes = Buffer.from(text);
      return [tarHeader(name, bytes.length, 1_700_000_000), bytes, padding(bytes.length)];
    }),
    tarEnd,
  ]);

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function read(bytes: Buffer, size = 700): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const { name, content } of readTar(inPieces(bytes, size))) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(piece);
    found.push([name, Buffer.concat(pieces).toString()]);
  }
  return found;
}

const entries: [string, string][] = [
  ['archive.json', '{}'],
  [long, 'x'.repeat(1024)],
  ['empty', ''],
];

test.each([1, 511, 512, 4096, 100_000])('what was written is read back, in pieces of %i bytes', async (size) => {
  expect(await read(tarOf(entries), size)).toEqual(entries);
});

test('another tool reads it', async () => {
  const names: string[] = [];
  const reader = extract();
  reader.on('entry', ({ name, size }, content, next) => {
    names.push(`${name} ${size}`);
    content.on('end', next).resume();
  });
  reader.end(tarOf(entries));
  await once(reader, 'finish');
  expect(names).toEqual(['archive.json 2', `${long} 1024`, 'empty 0']);
});

test('more than eight gigabytes have their size in a record of their own', async () => {
  const huge = tarHeader('repositories/documents/__x', 2 ** 40, 0);
  const first = await readTar(inPieces(huge, 512)).next();
  expect(first.value).toMatchObject({ name: 'repositories/documents/__x', bytes: 2 ** 40 });
});

test.each<[NonNullable<Header['type']>, Partial<Header>, string]>([
  ['symlink', { linkname: '/etc/passwd' }, 'a symbolic link'],
  ['link', { linkname: 'x' }, 'a link to another file'],
  ['character-device', {}, 'a device'],
  ['block-device', {}, 'a device'],
  ['fifo', {}, 'a pipe'],
  ['directory', {}, 'a folder'],
])('a %s is refused', async (type, more, said) => {
  const packer = pack();
  packer.entry({ name: 'x', type, ...more });
  packer.finalize();
  const pieces: Uint8Array[] = [];
  for await (const piece of packer as AsyncIterable<Uint8Array>) pieces.push(piece);
  await expect(read(Buffer.concat(pieces))).rejects.toThrow(said);
});

test('an entry that is cut off, a damaged header, something after the end', async () => {
  const whole = tarOf(entries);
  for (let length = 512; length < whole.length - 1024; length += 300)
    await expect(read(whole.subarray(0, length))).rejects.toThrow(TarFault);
  const damaged = Buffer.from(whole);
  damaged[10] = 0x41;
  await expect(read(damaged)).rejects.toThrow('its checksum does not match');
  await expect(read(Buffer.concat([whole, Buffer.from('more')]))).rejects.toThrow('something follows its end');
});

test('what expands out of all proportion, is cut off or is no gzip is refused', async () => {
  const pull = async (bytes: Buffer) => {
    for await (const _ of inflate(inPieces(bytes, 1000), { ratio: 100, free: 10_000 }));
  };
  await expect(pull(gzipSync(Buffer.alloc(5_000_000)))).rejects.toThrow('more than 100 times');
  const small = gzipSync(Buffer.from('some text that is not long'));
  await expect(pull(small)).resolves.toBeUndefined();
  await expect(pull(small.subarray(0, -5))).rejects.toThrow('cut off');
  await expect(pull(Buffer.from('no gzip at all'))).rejects.toThrow('not compressed by gzip');
  await expect(pull(Buffer.alloc(0))).rejects.toThrow();
});
