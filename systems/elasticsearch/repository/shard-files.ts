import { inflateRawSync } from 'node:zlib';
import { readSmile } from './smile.ts';

/** A file of one shard in a snapshot, as it lies in the shard's folder of the repository. */
export interface ShardFile {
  /** Lucene's name: `_0.cfs`. */
  physicalName: string;
  /** The blobs that hold it, by name and size; none: its bytes stand in the list itself. */
  blobs: { name: string; bytes: number }[];
}

/** Lucene's marks at a file's beginning and end, and the length of what follows the content. */
const headerMagic = 0x3fd76c17;
const footerMagic = 0xc02893e8;
const footerLength = 16;
/** Files so small that Elasticsearch keeps their bytes in the list. */
const inTheList = /^v__/;
/** The file of a shard in a snapshot: Elasticsearch's word for the kind of its content. */
const codec = 'snapshot';

/**
 * The files that a snapshot's own file of a shard (`indices/<id>/<shard>/snap-<uuid>.dat`) lists, and the blobs in which
 * they lie. Throws an Error that says why it cannot be read.
 */
export function readShardFiles(file: Uint8Array): ShardFile[] {
  const content = readSmile(uncompressed(contentOf(Buffer.from(file.buffer, file.byteOffset, file.byteLength))));
  const files = (content as { files?: unknown } | null)?.files;
  if (!Array.isArray(files)) throw new Error('it lists no files');
  return files.map(shardFile);
}

/** Between Lucene's header and footer. */
function contentOf(file: Buffer): Buffer {
  const begin = 4 + 1 + codec.length + 4;
  const fits =
    file.length >= begin + footerLength &&
    file.readUInt32BE(0) === headerMagic &&
    file.subarray(5, 5 + codec.length).toString('latin1') === codec &&
    file.readUInt32BE(file.length - footerLength) === footerMagic;
  if (!fits) throw new Error('it has not the form of a snapshot file');
  return file.subarray(begin, file.length - footerLength);
}

/** Compressed, unless the repository says `compress: false`. */
function uncompressed(content: Buffer): Uint8Array {
  return content.subarray(0, 4).toString('latin1') === 'DFL\0' ? inflateRawSync(content.subarray(4)) : content;
}

function shardFile(entry: unknown): ShardFile {
  const { name, physical_name: physicalName, length, part_size: partSize } = (entry ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || typeof physicalName !== 'string' || typeof length !== 'number')
    throw new Error('it lists a file without name or length');
  if (inTheList.test(name)) return { physicalName, blobs: [] };
  const most = typeof partSize === 'number' && partSize > 0 ? partSize : Infinity;
  if (length <= most) return { physicalName, blobs: [{ name, bytes: length }] };
  const blobs = Array.from({ length: Math.ceil(length / most) }, (_, part) => ({
    name: `${name}.part${part}`,
    bytes: Math.min(most, length - part * most),
  }));
  return { physicalName, blobs };
}
