import { Failure } from '../../domain/failures.ts';
import { readRepositoryFile } from '../../systems/elasticsearch/repository/read-file.ts';
import type { FoundFault, RepositoryFile } from '../../systems/elasticsearch/repository/repository-files.ts';
import type { ObjectVersion } from '../../systems/object-storage/s3-objects.ts';
import type { ReadTable } from '../../domain/scrub/read-table.ts';
import type { ScrubbedBucket } from './bucket.ts';
import { digestOf } from './read-one.ts';

export interface HealedFile {
  file: RepositoryFile;
  /** When the version was written that is in its place now. ISO 8601, UTC. */
  from: string;
}

/** What could not be done, and why: the same for all files of a bucket that keeps no versions. */
export interface Healing {
  healed: HealedFile[];
  left: FoundFault[];
  note?: string;
}

/**
 * Puts damaged files back from what the bucket keeps of them: the newest version whose length and checksum are those that
 * Elasticsearch keeps for the file, under the file's own key, and nothing else. Each is read again afterwards. What the
 * bucket refuses leaves the file as it is.
 */
export async function healFiles(
  bucket: ScrubbedBucket,
  faults: readonly FoundFault[],
  table: ReadTable,
  signal?: AbortSignal,
): Promise<Healing> {
  const healing: Healing = { healed: [], left: [] };
  for (const found of faults) {
    signal?.throwIfAborted();
    try {
      const from = await healFile(bucket, found.file, table, signal);
      if (from === undefined) healing.left.push(found);
      else healing.healed.push({ file: found.file, from });
    } catch (error) {
      // Many servers have no versions, and credentials may not read them: then nothing can be put back.
      if (!(error instanceof Failure) || error.kind === 'ObjectStorageUnreachable') throw error;
      healing.left.push(found);
      healing.note ??= error.message;
    }
  }
  return healing;
}

async function healFile(
  { objects }: ScrubbedBucket,
  file: RepositoryFile,
  table: ReadTable,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const known = table.find(digestOf(file.key))?.crc;
  for (const { key, bytes } of file.parts) {
    for (const version of await earlierVersions(objects.versions, key, bytes)) {
      const options = { versions: { [key]: version.id }, signal };
      const { crc, fault } = await readRepositoryFile(objects, file, options);
      if (fault !== undefined || (known !== undefined && crc !== known)) continue;
      await objects.putBack(key, version.id);
      const after = await readRepositoryFile(objects, file, { signal });
      if (after.fault !== undefined || after.crc !== crc)
        throw new Failure('RepositoryCorrupted', {
          message: `${key} was put back from its version of ${version.at}, and is damaged again: ${after.fault ?? 'its content is another'}`,
          remedy: 'Find out who else writes to the bucket, then scrub again',
        });
      table.put(digestOf(file.key), { at: Math.floor(Date.now() / 1000), crc });
      return version.at;
    }
  }
  return undefined;
}

async function earlierVersions(
  versions: (key: string) => Promise<ObjectVersion[]>,
  key: string,
  bytes: number | undefined,
): Promise<ObjectVersion[]> {
  const all = await versions(key);
  return all.filter((version) => !version.latest && (bytes === undefined || version.bytes === bytes));
}
