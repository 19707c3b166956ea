import { inflateRawSync } from 'node:zlib';
import { readSmile } from './smile.ts';

/** A file of one shard in a snapshot, as it lies in the shard's folder of the repository. */
export interface ShardFile {
  /** Lucene's name: `_0.cfs`. */
  physicalName: string;
  /** The blobs that hold it, by name and size; none: its bytes stand in the list itself. */
  blobs: { name: string; bytes: number }[];
}

/** Files so small that Elasticsearch keeps their bytes in the list. */
const inTheList = /^v__/;
/**
 * The files that a snapshot's own file of a shard (`indices/<id>/<shard>/snap-<uuid>.dat`) lists, and the blobs in which
 * they lie; `content` as `contentOf` gives it. Throws an Error that says why it cannot be read.
 */
export function readShardFiles(content: Buffer): ShardFile[] {
  const document = readSmile(uncompressed(content));
  const files = (document as { files?: unknown } | null)?.files;
  if (!Array.isArray(files)) throw new Error('it lists no files');
  return files.map(shardFile);
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
