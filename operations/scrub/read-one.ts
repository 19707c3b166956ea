import type { ReadTable } from '../../domain/scrub/read-table.ts';
import { createHash } from 'node:crypto';
import { readRepositoryFile, type ReadResult } from '../../systems/elasticsearch/repository/read-file.ts';
import type { FoundFault, RepositoryFile } from '../../systems/elasticsearch/repository/repository-files.ts';
import type { Survey } from '../../systems/elasticsearch/repository/survey-shard.ts';
import type { ScrubbedBucket } from './bucket.ts';
import type { StorePoint } from './held-points.ts';
import { findAgain, lookAt } from './look.ts';

/** By which the table of what was read knows a file. */
export const digestOf = (key: string): bigint => createHash('sha256').update(key).digest().readBigUInt64BE();

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** Reads a file and notes it in the table; answers what is wrong with it. Failures: those of the storage. */
export async function readOne(
  { objects }: ScrubbedBucket,
  file: RepositoryFile,
  table: ReadTable,
  signal: AbortSignal | undefined,
  onBytes?: (count: number) => void,
): Promise<string | undefined> {
  const found = await readRepositoryFile(objects, file, { signal, ...(onBytes && { onBytes }) });
  return noteRead(file, found, table);
}

/** Notes what was read; answers what is wrong with it. */
export function noteRead(
  { key, content }: Pick<RepositoryFile, 'key' | 'content'>,
  { crc, fault }: Pick<ReadResult, 'crc' | 'fault'>,
  table: ReadTable,
): string | undefined {
  const digest = digestOf(key);
  const before = table.find(digest);
  // Files are never written twice under one name.
  const changed = before !== undefined && before.crc !== crc;
  const though = content.kind === 'repository-index' ? 'and none is ever written twice' : 'though its checksum is good';
  const words = `it is not what it was when it was read before, ${though}`;
  const found = fault ?? (changed ? words : undefined);
  if (found === undefined) table.put(digest, { at: nowSeconds(), crc });
  return found;
}

/**
 * Those of the faults that a second look, at a fresh index of the repository, still shows. Failures: as of `lookAt`, and
 * those of the storage.
 */
export async function confirmFaults(
  bucket: ScrubbedBucket,
  points: readonly StorePoint[],
  faults: readonly FoundFault[],
  table: ReadTable,
  signal: AbortSignal | undefined,
): Promise<FoundFault[]> {
  if (faults.length === 0) return [];
  const look = await lookAt(bucket, points);
  const confirmed: FoundFault[] = [];
  const surveys = new Map<string, Survey>();
  for (const { file } of faults) {
    signal?.throwIfAborted();
    const again = await findAgain(bucket, look, file, surveys);
    if (again === undefined) continue;
    const fault = again.fault ?? (await readOne(bucket, again.file, table, signal));
    if (fault === undefined) continue;
    confirmed.push({ file: again.file, fault });
    // It counts as never read, so that it is read again each time; what it was is remembered.
    const known = table.find(digestOf(file.key));
    if (known) table.put(digestOf(file.key), { ...known, at: 0 });
  }
  return confirmed;
}
