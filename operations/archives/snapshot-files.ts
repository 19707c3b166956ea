import { Failure } from '../../domain/failures.ts';
import { narrowIndex } from '../../domain/archives/narrow-index.ts';
import { readRepositoryFile } from '../../systems/elasticsearch/repository/read-file.ts';
import type { RepositoryFile } from '../../systems/elasticsearch/repository/repository-files.ts';
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
  const look = await lookAt({ ...bucket, place: '' } as ScrubbedBucket, [point]);
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
  { storage, objects }: SnapshotBucket,
  look: Look,
  signal: AbortSignal | undefined,
): AsyncGenerator<Survey, void> {
  yield surveyRoot({ storage, objects, place: '' } as unknown as ScrubbedBucket, look);
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

/** Reads a file part by part through `take`, and compares all of it with its checksum. Failure: RepositoryCorrupted. */
export async function readChecked(
  { objects, storage }: SnapshotBucket,
  file: RepositoryFile,
  point: StorePoint,
  take: (part: { key: string; bytes: number }, pieces: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): Promise<void> {
  const sizes = new Map(file.parts.map(({ key, bytes = file.bytes }) => [key, bytes]));
  const reading: Pick<LargeObjects, 'read'> = {
    async read(key, options) {
      const pieces = await objects.read(key, options);
      return pieces && take({ key, bytes: sizes.get(key) ?? 0 }, pieces);
    },
  };
  const { fault } = await readRepositoryFile(reading, file);
  if (fault !== undefined) throw damaged(point, `${file.what}: ${fault}`, storage.description);
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
