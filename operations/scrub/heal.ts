import { Failure } from '../../domain/failures.ts';
import type { ReadTable } from '../../domain/scrub/read-table.ts';
import { readRepositoryFile } from '../../systems/elasticsearch/repository/read-file.ts';
import type { FoundFault, RepositoryFile } from '../../systems/elasticsearch/repository/repository-files.ts';
import type { ObjectVersion } from '../../systems/object-storage/s3-objects.ts';
import type { ScrubbedBucket } from './bucket.ts';
import { copyFile } from './copy-file.ts';
import { digestOf } from './read-one.ts';
import type { SecondRepository } from './second-repository.ts';

export interface HealedFile {
  file: RepositoryFile;
  /** For people: which version, or which other repository, is in its place now. */
  from: string;
}

/** What could not be done, and why: the same for all files of a bucket that keeps no versions. */
export interface Healing {
  healed: HealedFile[];
  left: FoundFault[];
  note?: string;
}

export interface HealOptions {
  /** Where the same files may lie; asked in this order, after the bucket's own versions. */
  second?: readonly SecondRepository[];
  signal?: AbortSignal | undefined;
}

interface Way {
  bucket: ScrubbedBucket;
  table: ReadTable;
  second: readonly SecondRepository[];
  signal: AbortSignal | undefined;
}

/**
 * Puts damaged files back: from the newest version that the bucket keeps of them, else from a second repository that holds
 * the same file. What is put back has the length and checksum that Elasticsearch keeps for the file, goes under the file's
 * own key, and is read again afterwards; nothing else is ever written. What a bucket refuses leaves the file as it is.
 */
export async function healFiles(
  bucket: ScrubbedBucket,
  faults: readonly FoundFault[],
  table: ReadTable,
  { second = [], signal }: HealOptions = {},
): Promise<Healing> {
  const way: Way = { bucket, table, second, signal };
  const healing: Healing = { healed: [], left: [] };
  for (const found of faults) {
    signal?.throwIfAborted();
    const from =
      (await attempt(healing, () => fromVersions(way, found.file))) ??
      (await attempt(healing, () => fromSecond(way, found.file)));
    if (from === undefined) healing.left.push(found);
    else healing.healed.push({ file: found.file, from });
  }
  return healing;
}

/** Many servers have no versions, and credentials may not read them: then something else is tried. */
async function attempt(healing: Healing, work: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'ObjectStorageUnreachable') throw error;
    healing.note ??= error.message;
    return undefined;
  }
}

async function fromVersions(way: Way, file: RepositoryFile): Promise<string | undefined> {
  const { objects } = way.bucket;
  for (const { key, bytes } of file.parts) {
    for (const version of await earlierVersions(objects.versions, key, bytes)) {
      const options = { versions: { [key]: version.id }, signal: way.signal };
      const { crc, fault } = await readRepositoryFile(objects, file, options);
      const known = knownOf(way, file);
      if (fault !== undefined || (known !== undefined && crc !== known)) continue;
      await objects.putBack(key, version.id);
      const from = `the version of ${version.at}`;
      await assertHealed(way, file, { crc, from });
      return from;
    }
  }
  return undefined;
}

async function fromSecond(way: Way, file: RepositoryFile): Promise<string | undefined> {
  const { bucket, second, signal } = way;
  for (const { storage, objects, copiesOf } of second) {
    for (const copy of await copiesOf(file)) {
      const crc = await copyFile(bucket.objects, file, { objects, file: copy }, { known: knownOf(way, file), signal });
      if (crc === undefined) continue;
      const from = `${copy.key} in ${storage.description}`;
      await assertHealed(way, file, { crc, from });
      return from;
    }
  }
  return undefined;
}

const knownOf = ({ table }: Way, { key }: RepositoryFile) => table.find(digestOf(key))?.crc;

async function assertHealed(
  { bucket, table, signal }: Way,
  file: RepositoryFile,
  { crc, from }: { crc: number; from: string },
): Promise<void> {
  const after = await readRepositoryFile(bucket.objects, file, { signal });
  if (after.fault !== undefined || after.crc !== crc)
    throw new Failure('RepositoryCorrupted', {
      message: `${file.key} was put back from ${from}, and is damaged again: ${after.fault ?? 'its content is another'}`,
      remedy: 'Find out who else writes to the bucket, then scrub again',
    });
  table.put(digestOf(file.key), { at: Math.floor(Date.now() / 1000), crc });
}

async function earlierVersions(
  versions: (key: string) => Promise<ObjectVersion[]>,
  key: string,
  bytes: number | undefined,
): Promise<ObjectVersion[]> {
  const all = await versions(key);
  return all.filter((version) => !version.latest && (bytes === undefined || version.bytes === bytes));
}
