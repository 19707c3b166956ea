import { blockBytes, sumOf } from './tar-header.ts';

/** One file of a tar. Its content must be read to its end, or left alone, before the next one is asked for. */
export interface TarEntry {
  name: string;
  bytes: number;
  content: AsyncIterable<Uint8Array>;
}

/** Why a tar is refused; the message goes on after "… is refused: ". */
export class TarFault extends Error {}

/** A pax header holds a path and a size. */
const mostPaxBytes = 8 * 1024;

/**
 * The files of a tar that comes in pieces. It knows only what `tarHeader` writes: links, devices, folders and the extensions
 * of other tools are refused, so that none of them can be meant to do harm. Failure: TarFault.
 */
export async function* readTar(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, void> {
  const input = reader(pieces);
  let pax: Record<string, string> | undefined;
  for (;;) {
    const block = await input.exactly(blockBytes);
    if (block.every((byte) => byte === 0)) {
      if (pax !== undefined) throw new TarFault('an entry is missing after its long name');
      await expectEnd(input);
      return;
    }
    const { name, bytes, type } = parseHeader(block);
    if (type === 'x') {
      if (pax !== undefined || bytes > mostPaxBytes)
        throw new TarFault('an entry has a header that is no header of ours');
      pax = parsePax(await input.exactly(bytes));
      await input.skip(fill(bytes));
      continue;
    }
    if (type !== '0') throw new TarFault(`"${safe(name)}" is no file but ${kinds[type] ?? 'of an unknown kind'}`);
    const entry = { name: pax?.['path'] ?? name, bytes: pax?.['size'] === undefined ? bytes : sizeOf(pax['size']) };
    pax = undefined;
    const body = { left: entry.bytes };
    yield { ...entry, content: input.body(body) };
    await input.skip(body.left + fill(entry.bytes));
  }
}

const kinds: Record<string, string> = {
  '1': 'a link to another file',
  '2': 'a symbolic link',
  '3': 'a device',
  '4': 'a device',
  '5': 'a folder',
  '6': 'a pipe',
};

const fill = (bytes: number) => (blockBytes - (bytes % blockBytes)) % blockBytes;
const safe = (name: string) => JSON.stringify(name).slice(1, 120);

function parseHeader(block: Buffer): { name: string; bytes: number; type: string } {
  if (octal(block, 148, 8) !== sumOf(block))
    throw new TarFault('a header in it is damaged: its checksum does not match');
  if (block.toString('latin1', 257, 262) !== 'ustar') throw new TarFault('it is no tar of the POSIX format');
  // A prefix is another way to write a long name, and none that is written here.
  if (block[345] !== 0) throw new TarFault('an entry has a name in two parts');
  return { name: text(block, 0, 100), bytes: octal(block, 124, 12), type: String.fromCharCode(block[156] ?? 0) };
}

function text(block: Buffer, from: number, length: number): string {
  const field = block.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end < 0 ? length : end);
}

function octal(block: Buffer, from: number, length: number): number {
  const digits = text(block, from, length).trim();
  if (!/^[0-7]{1,12}$/.test(digits)) throw new TarFault('a header in it is damaged: a number is none');
  return Number.parseInt(digits, 8);
}

function parsePax(record: Buffer): Record<string, string> {
  const values: Record<string, string> = {};
  for (let at = 0; at < record.length;) {
    const space = record.indexOf(0x20, at);
    const digits = space < 0 ? '' : record.toString('latin1', at, space);
    const length = /^[1-9]\d{0,4}$/.test(digits) ? Number(digits) : 0;
    const line = record.toString('utf8', space + 1, at + length);
    const [, key, value] = /^(path|size)=([^\0]*)\n$/.exec(line) ?? [];
    if (key === undefined || value === undefined || at + length > record.length || Object.hasOwn(values, key))
      throw new TarFault('an entry has a header that is no header of ours');
    values[key] = value;
    at += length;
  }
  return values;
}

function sizeOf(value: string): number {
  const size = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw new TarFault('a header in it is damaged: a number is none');
  return size;
}

type Reader = ReturnType<typeof reader>;

/** After the end only empty blocks may follow, and few of them. */
async function expectEnd(input: Reader): Promise<void> {
  let left = 32 * blockBytes;
  for (let piece = await input.next(left); piece.length > 0; piece = await input.next(left)) {
    left -= piece.length;
    if (left <= 0 || piece.some((byte) => byte !== 0)) throw new TarFault('something follows its end');
  }
}

/** Reads exact lengths from pieces of any length. */
function reader(pieces: AsyncIterable<Uint8Array>) {
  const source = pieces[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  /** So many bytes at most; empty: the end. */
  async function next(most: number): Promise<Uint8Array> {
    while (rest.length === 0) {
      const piece = await source.next();
      if (piece.done === true) return rest;
      rest = piece.value;
    }
    const part = rest.subarray(0, most);
    rest = rest.subarray(part.length);
    return part;
  }
  async function* upTo(body: { left: number }): AsyncGenerator<Uint8Array, void> {
    while (body.left > 0) {
      const part = await next(body.left);
      if (part.length === 0) throw new TarFault('it is cut off');
      body.left -= part.length;
      yield part;
    }
  }
  return {
    next,
    body: upTo,
    async exactly(length: number): Promise<Buffer> {
      const parts: Uint8Array[] = [];
      for await (const part of upTo({ left: length })) parts.push(part);
      return Buffer.concat(parts);
    },
    async skip(length: number): Promise<void> {
      for await (const _ of upTo({ left: length }));
    },
  };
}
