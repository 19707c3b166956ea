import { inflateRawSync } from 'node:zlib';
import type { SnapshotName } from '../../../domain/platform.ts';
import { readSmile } from './smile.ts';

/** A file of one shard in a snapshot, as it lies in the shard's folder of the repository. */
export interface ShardFile {
  /** Lucene's name: `_0.cfs`. */
  physicalName: string;
  /** The blobs that hold it, in order, by name and size; none: its bytes stand in the list itself. */
  blobs: { name: string; bytes: number }[];
  /** Lucene's CRC-32, as its footer must have it; absent: the list does not say. */
  checksum?: number;
}

/** A file as a shard's newest list has it, under the name that its snapshots refer to it by. */
export interface ListedFile extends ShardFile {
  name: string;
}

/** A shard's newest list, `index-<generation>`. */
export interface ShardList {
  files: ListedFile[];
  /** By the snapshot's name: the names of its files. */
  snapshots: Record<SnapshotName, string[]>;
}

/** Files so small that Elasticsearch keeps their bytes in the list. */
const inTheList = /^v__/;

/**
 * The files that a snapshot's own file of a shard (`indices/<id>/<shard>/snap-<uuid>.dat`) lists, and the blobs in which
 * they lie; `content` as `contentOf` gives it. Throws an Error that says why it cannot be read.
 */
export function readShardFiles(content: Buffer): ShardFile[] {
  return filesIn(readSmile(uncompressed(content))).map(shardFile);
}

/** The same with the name of the snapshot that the list says it belongs to. */
export function readOwnList(content: Buffer): { snapshot?: string; files: ListedFile[] } {
  const document = readSmile(uncompressed(content));
  const { name } = document as { name?: unknown };
  return { ...(typeof name === 'string' && { snapshot: name }), files: filesIn(document).map(listedFile) };
}

/** What a shard's newest list holds; `content` as `contentOf` gives it. Throws an Error that says why it cannot be read. */
export function readShardList(content: Buffer): ShardList {
  const document = readSmile(uncompressed(content));
  const { snapshots } = document as { snapshots?: unknown };
  const entries = Object.entries((snapshots ?? {}) as Record<string, { files?: unknown }>);
  return {
    files: filesIn(document).map(listedFile),
    snapshots: Object.fromEntries(
      entries.map(([snapshot, { files }]) => {
        if (!Array.isArray(files)) throw new Error(`it lists no files of ${snapshot}`);
        return [snapshot, files.map(String)];
      }),
    ),
  };
}

function filesIn(document: unknown): unknown[] {
  const files = (document as { files?: unknown } | null)?.files;
  if (!Array.isArray(files)) throw new Error('it lists no files');
  return files;
}

/** Compressed, unless the repository says `compress: false`. */
export function uncompressed(content: Buffer): Uint8Array {
  return content.subarray(0, 4).toString('latin1') === 'DFL\0' ? inflateRawSync(content.subarray(4)) : content;
}

function shardFile(entry: unknown): ShardFile {
  const { name: _, ...file } = listedFile(entry);
  return file;
}

function listedFile(entry: unknown): ListedFile {
  const fields = (entry ?? {}) as Record<string, unknown>;
  const { name, physical_name: physicalName, length, part_size: partSize } = fields;
  if (typeof name !== 'string' || typeof physicalName !== 'string' || typeof length !== 'number')
    throw new Error('it lists a file without name or length');
  const checksum = checksumIn(fields['checksum']);
  const known = { name, physicalName, ...(checksum !== undefined && { checksum }) };
  if (inTheList.test(name)) return { ...known, blobs: [] };
  const most = typeof partSize === 'number' && partSize > 0 ? partSize : Infinity;
  if (length <= most) return { ...known, blobs: [{ name, bytes: length }] };
  const blobs = Array.from({ length: Math.ceil(length / most) }, (_, part) => ({
    name: `${name}.part${part}`,
    bytes: Math.min(most, length - part * most),
  }));
  return { ...known, blobs };
}

/** Elasticsearch writes Lucene's CRC-32 in base 36. */
function checksumIn(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^[0-9a-z]{1,7}$/.test(text)) return undefined;
  return Number.parseInt(text, 36);
}
