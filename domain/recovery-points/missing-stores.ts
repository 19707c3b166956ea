import { warned, type Check } from '../checks.ts';
import type { StoreName } from '../names.ts';

/** An optional store that a recovery point goes without, since its backup failed. */
export interface MissingStore {
  store: StoreName;
  /** One line, for people. */
  reason: string;
}

/** What of a manifest tells of them. */
export interface TellsMissing {
  missing?: MissingStore[];
}

const longestReason = 300;

/** The failure's message as one line. */
export function missingStore(store: StoreName, message: string): MissingStore {
  return { store, reason: message.replaceAll(/\s+/g, ' ').trim().slice(0, longestReason) };
}

/** Whether the point says that it goes without the store: then a restore leaves the store as it is. */
export function isMissing({ missing = [] }: TellsMissing, store: StoreName): boolean {
  return missing.some((one) => one.store === store);
}

/** For the report of the backup that goes on without it. */
export function leftOutOfBackup({ store, reason }: MissingStore, remedy: string): Check {
  const repair = remedy === '' ? `Find out why the backup of ${store} failed` : remedy;
  return warned(
    `missing ${store}`,
    `The optional store ${store} is not in this recovery point: ${reason}`,
    `${repair}; then take the backup again: until then a restore of this point leaves ${store} as it is`,
  );
}

/** For preflight and drill of such a point; undefined: the point does not say that the store is missing. */
export function leftByRestore(
  { id, missing = [] }: TellsMissing & { id: string },
  store: StoreName,
): Check | undefined {
  const found = missing.find((one) => one.store === store);
  if (found === undefined) return undefined;
  return warned(
    `missing ${store}`,
    `The store ${store} is not in the recovery point ${id} (optional: ${found.reason}); what it holds now stays`,
    `To bring ${store} back too, choose a recovery point that holds it`,
  );
}
