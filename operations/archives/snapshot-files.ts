import { Failure } from '../../domain/failures.ts';
import { narrowIndex } from '../../domain/archives/narrow-index.ts';
import { contentCheck } from '../../systems/elasticsearch/repository/read-file.ts';
import type { RepositoryFile } from '../../systems/elasticsearch/repository/repository-files.ts';
import { isIndexFile } from '../../systems/elasticsearch/repository/root-files.ts';
import { surveyShard, type Survey } from '../../systems/elasticsearch/repository/survey-shard.ts';
import type { LargeObjects } from '../../systems/object-storage/s3-objects.ts';
import type { ScrubbedBucket } from '../scrub/bucket.ts';
import type { StorePoint } from '../scrub/held-points.ts';
import { lookAt, surveyRoot, type Look } from '../scrub/look.ts';

/** What an archive reads a repository by. */
export type SnapshotBucket = Pick<ScrubbedBucket, 'storage'> & { objects: Pick<LargeObjects, 'read'> };

/** All that one snapshot needs of its repository. */
export interface SnapshotFiles {
  files: number;
  bytes: number;
  /** The repository's index, for a copy that holds this snapshot only. */
  index: { key: string; content: Uint8Array }[];
  /** Shard by shard: never the whole list in memory. Failure: SnapshotRunning when the repository changed meanwhile. */
  each: () => AsyncGenerator<RepositoryFile, void>;
}

/**
 * Counts the files of a snapshot, so that they can be announced before they are read. Failures: SnapshotMissing,
 * RepositoryCorrupted (a file is not there, or has another size), those of the storage.
 */
export async function filesOf(bucket: SnapshotBucket, point: StorePoint, signal?: AbortSignal): Promise<SnapshotFiles> {
  const { storage } = bucket;
  const look = await lookAt(bucket, [point]);
  if (look.points.length === 0 || look.lost.length > 0) throw missing(point, storage.description);
  const index = await ownIndex(storage, look, point);
  const total = { files: index.length, bytes: index.reduce((sum, { content }) => sum + content.length, 0) };
  for await (const survey of surveys(bucket, look, signal)) {
    const [fault] = survey.faults;
    if (fault !== undefined) throw damaged(point, `${fault.file.what}: ${fault.fault}`, storage.description);
    for (const { parts, bytes } of survey.files) {
      total.files += parts.length;
      total.bytes += bytes;
    }
  }
  return {
    ...total,
    index,
    async *each() {
      for await (const survey of surveys(bucket, look, signal)) {
        if (survey.faults.length > 0) throw changed(point, storage.description);
        yield* survey.files;
      }
    },
  };
}

async function* surveys(
  { storage }: SnapshotBucket,
  look: Look,
  signal: AbortSignal | undefined,
): AsyncGenerator<Survey, void> {
  const root = await surveyRoot({ storage }, look);
  // The index is made for the archive: `ownIndex`.
  yield { ...root, files: root.files.filter((file) => !isIndexFile(file)) };
  for (const shard of look.shards) {
    signal?.throwIfAborted();
    yield surveyShard(storage, look.repository, shard, shard.points);
  }
}

/** Elasticsearch finds the index by the highest number, or by `index.latest`: eight bytes. */
async function ownIndex(
  storage: SnapshotBucket['storage'],
  { repository }: Look,
  point: StorePoint,
): Promise<SnapshotFiles['index']> {
  const { generation } = repository;
  const bytes = await storage.get(`index-${generation}`);
  const text = bytes && narrowIndex(new TextDecoder().decode(bytes), point.snapshot);
  if (text === undefined) throw changed(point, storage.description);
  const latest = Buffer.alloc(8);
  latest.writeBigUInt64BE(BigInt(generation));
  return [
    { key: `index-${generation}`, content: new TextEncoder().encode(text) },
    { key: 'index.latest', content: new Uint8Array(latest) },
  ];
}

/** A part of a file, to be read once. The last one throws when all of them are not what they must be: RepositoryCorrupted. */
export interface FilePart {
  key: string;
  bytes: number;
  /** It is its whole file: it may be read before it is its turn. */
  alone: boolean;
  content: AsyncIterable<Uint8Array>;
}

/** As a scrub words it. */
const absent = 'it is not there';

/** The parts of a file, one after the other: each must be read to its end before the next. */
export function* checkedParts(
  { objects, storage }: SnapshotBucket,
  file: RepositoryFile,
  point: StorePoint,
  signal?: AbortSignal,
): Generator<FilePart, void> {
  const check = contentCheck(file);
  const refuse = (fault: string) => damaged(point, `${file.what}: ${fault}`, storage.description);
  for (const [place, { key, bytes = file.bytes }] of file.parts.entries()) {
    const isLast = place === file.parts.length - 1;
    async function* content() {
      const pieces = await objects.read(key, signal && { signal });
      if (pieces === undefined) throw refuse(absent);
      for await (const piece of pieces) {
        check.add(piece);
        yield piece;
      }
      const { fault } = isLast ? check.end() : {};
      if (fault !== undefined) throw refuse(fault);
    }
    yield { key, bytes, alone: file.parts.length === 1, content: content() };
  }
}

function missing({ id, snapshot }: StorePoint, where: string): Failure {
  return new Failure('SnapshotMissing', {
    message: `${where} does not hold all of the snapshot ${snapshot} of the recovery point ${id}`,
    remedy: 'Choose another recovery point, or export this one with --references',
  });
}

function damaged({ id }: StorePoint, what: string, where: string): Failure {
  return new Failure('RepositoryCorrupted', {
    message: `The recovery point ${id} cannot be exported from ${where}: ${what}`,
    remedy: 'Choose another recovery point; "rekindle scrub" puts back what can be put back',
  });
}

function changed({ id }: StorePoint, where: string): Failure {
  return new Failure('SnapshotRunning', {
    message: `The repository in ${where} was changed while the recovery point ${id} was read from it`,
    remedy: 'Export again when no backup runs and nothing is pruned',
  });
}
