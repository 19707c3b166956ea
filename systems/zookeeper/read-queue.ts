import type { Watch } from '../../domain/watch.ts';
import { inFlight } from './in-flight.ts';
import type { ChildCounts, ZookeeperSession } from './requests.ts';

const nodesPerRead = 200;
const readsInFlight = 5;
const readsPerProgress = 5;

/**
 * Reads the nodes of these names below `folder` side by side and hands each to `see`, in no order; `undefined` when a
 * consumer removed it meanwhile. Progress in entries. Failures: ZookeeperUnreachable, WrongCredentials.
 */
export async function readEntries(
  session: ZookeeperSession,
  folder: string,
  names: Iterable<string>,
  see: (name: string, value: string | undefined) => unknown,
  { signal, onProgress, total = 0 }: Watch & { total?: number } = {},
): Promise<void> {
  let done = 0;
  let reads = 0;
  const read = async (batch: string[]) => {
    const values = await session.readMany(batch.map((name) => `${folder}/${name}`));
    batch.forEach((name, number) => see(name, values[number]));
    done += batch.length;
    reads += 1;
    if (reads % readsPerProgress === 0) onProgress?.({ done, total, unit: 'entries', note: 'reading the queue' });
  };
  await inFlight(inBatches(names), readsInFlight, read, signal);
}

function* inBatches(names: Iterable<string>): Generator<string[]> {
  let batch: string[] = [];
  for (const name of names) {
    batch.push(name);
    if (batch.length < nodesPerRead) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The same for all that `folder` holds; nothing when it is not there. */
export async function readQueue(
  session: ZookeeperSession,
  folder: string,
  open: (entries: ChildCounts) => (name: string, value: string) => void,
  watch: Watch = {},
): Promise<void> {
  const { names, ...counts } = (await session.children(folder)) ?? { names: [], present: 0, created: 0 };
  const see = open(counts);
  await readEntries(session, folder, names, (name, value) => value !== undefined && see(name, value), {
    ...watch,
    total: counts.present,
  });
}

/** What consumers hold: the values of the entries whose locks are there. */
export async function takenValues(
  session: ZookeeperSession,
  { entries, locks }: { entries: string; locks: string },
  watch: Watch = {},
): Promise<Set<string>> {
  const values = new Set<string>();
  const names = (await session.children(locks))?.names ?? [];
  await readEntries(session, entries, names, (_, value) => value !== undefined && values.add(value), watch);
  return values;
}
