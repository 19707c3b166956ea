import type { NamedEntry } from '../../domain/queue-layout.ts';
import type { Watch } from '../watch.ts';
import { inFlight } from './in-flight.ts';
import type { ZookeeperSession } from './requests.ts';

const readsInFlight = 256;
const readsPerProgress = 1000;

export interface QueueContents {
  /** Unordered. */
  entries: NamedEntry[];
  /** Entries ever created on this node: the number that the next producer gets. */
  created: number;
}

/**
 * The entries of the queue at `path`; none when there is no queue. What a consumer removes while it is read is left
 * out. Progress in entries. Failures: ZookeeperUnreachable, WrongCredentials.
 */
export async function readQueue(
  session: ZookeeperSession,
  path: string,
  { signal, onProgress }: Watch = {},
): Promise<QueueContents> {
  const listing = await session.children(`${path}/entries`);
  if (!listing) return { entries: [], created: 0 };
  const entries: NamedEntry[] = [];
  let done = 0;
  await inFlight(
    listing.names,
    readsInFlight,
    async (name) => {
      const value = await session.read(`${path}/entries/${name}`);
      if (value !== undefined) entries.push({ name, value });
      done += 1;
      if (done % readsPerProgress === 0)
        onProgress?.({ done, total: listing.names.length, unit: 'entries', note: 'reading the queue' });
    },
    signal,
  );
  return { entries, created: listing.created };
}
