import { parseScrubKey, scrubKey, scrubPrefix, type Coverage } from '../../domain/scrub/coverage.ts';
import type { Damage } from '../../domain/scrub/damage.ts';
import { decodeTable, emptyTable, type ReadTable } from '../../domain/scrub/read-table.ts';
import type { PlatformName, StoreName } from '../../domain/platform.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';

/** What scrubs know of a store's repository. */
export interface ScrubState {
  /** Bucket and folder that all this is about; of another one nothing is known yet. */
  place?: string;
  /** When a scrub last read its share by rotation. ISO 8601, UTC; absent: never. */
  sharedAt?: string;
  /** The newest generation of the repository's index that was seen. */
  generation?: number;
  damages: Damage[];
  table: ReadTable;
}

type Head = Omit<ScrubState, 'table'> & { version: number };

/** How much was read of each store's repository; from keys alone. */
export async function listCoverages(storage: Pick<ObjectStorage, 'list'>, platform: PlatformName): Promise<Coverage[]> {
  const newest = new Map<StoreName, Coverage>();
  for (const { coverage } of await keysOf(storage, platform)) newest.set(coverage.store, coverage);
  return [...newest.values()].toSorted((a, b) => (a.store < b.store ? -1 : 1));
}

/** One that is torn begins anew: then every file counts as never read, and damage is found again. */
export async function readScrubState(
  storage: Pick<ObjectStorage, 'list' | 'get'>,
  platform: PlatformName,
  store: StoreName,
): Promise<ScrubState> {
  const key = (await keysOf(storage, platform)).findLast(({ coverage }) => coverage.store === store)?.key;
  const bytes = key === undefined ? undefined : await storage.get(key);
  const end = bytes?.indexOf(newLine) ?? -1;
  if (bytes === undefined || end < 0) return { damages: [], table: emptyTable() };
  try {
    const { version, ...head } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as Head;
    if (version === 1 && Array.isArray(head.damages)) return { ...head, table: decodeTable(bytes.subarray(end + 1)) };
  } catch {
    // As below.
  }
  return { damages: [], table: emptyTable() };
}

/** Writes a new object, then removes the older ones of that store. `keep`: the files that are still in the repository. */
export async function writeScrubState(
  storage: Pick<ObjectStorage, 'list' | 'put' | 'delete'>,
  platform: PlatformName,
  coverage: Coverage,
  { table, ...rest }: ScrubState,
  keep?: (file: bigint) => boolean,
): Promise<void> {
  const head: Head = { version: 1, ...rest };
  const first = new TextEncoder().encode(`${JSON.stringify(head)}\n`);
  const entries = table.encode(keep);
  const bytes = new Uint8Array(first.length + entries.length);
  bytes.set(first);
  bytes.set(entries, first.length);
  const key = scrubKey(platform, coverage);
  await storage.put(key, bytes);
  for (const other of await keysOf(storage, platform))
    if (other.coverage.store === coverage.store && other.key !== key) await storage.delete(other.key);
}

const newLine = 0x0a;

/** The newest last. */
async function keysOf(storage: Pick<ObjectStorage, 'list'>, platform: PlatformName) {
  const found: { key: string; coverage: Coverage }[] = [];
  for await (const { key } of storage.list(scrubPrefix(platform))) {
    const coverage = parseScrubKey(platform, key);
    if (coverage) found.push({ key, coverage });
  }
  const order = (a: Coverage, b: Coverage) => (a.at === b.at ? a.recentFiles - b.recentFiles : a.at < b.at ? -1 : 1);
  return found.toSorted((a, b) => order(a.coverage, b.coverage));
}
