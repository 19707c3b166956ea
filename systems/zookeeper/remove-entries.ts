import type { NamedEntry } from '../../domain/queue/entry-names.ts';
import type { Watch } from '../../domain/watch.ts';
import { inFlight } from './in-flight.ts';
import { foldersOf, type QueuePlace } from './queue-place.ts';
import type { ZookeeperSession } from './requests.ts';

const removalsInFlight = 64;

export interface Removed {
  removed: number;
  /** A consumer holds their locks: it works on them now. */
  kept: NamedEntry[];
}

/**
 * Removes these entries; what a consumer holds stays. What is gone already is fine. Progress in entries.
 * Failures: ZookeeperUnreachable, WrongCredentials.
 */
export async function removeEntries(
  session: ZookeeperSession,
  { toRemove, ...place }: QueuePlace & { toRemove: readonly NamedEntry[] },
  { signal, onProgress }: Watch = {},
): Promise<Removed> {
  const { entries, locks } = foldersOf(place);
  const kept: NamedEntry[] = [];
  let removed = 0;
  const remove = async (entry: NamedEntry) => {
    const outcome = await session.removeUnlocked(`${entries}/${entry.name}`, `${locks}/${entry.name}`);
    if (outcome === 'locked') kept.push(entry);
    else removed += 1;
    onProgress?.({
      done: removed + kept.length,
      total: toRemove.length,
      unit: 'entries',
      note: 'removing what is extra',
    });
  };
  await inFlight(toRemove, removalsInFlight, remove, signal);
  return { removed, kept };
}
