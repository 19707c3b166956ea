import { Failure } from '../../domain/failures.ts';
import type { Platform, Store, StoreKind } from '../../domain/platform.ts';

/** The store of that name and kind. Failure: InvalidArgument when the platform file does not have it (any more). */
export function storeNamed<K extends StoreKind>(
  platform: Platform,
  kind: K,
  name: string,
): Extract<Store, { kind: K }> {
  const store = platform.stores.find((candidate) => candidate.name === name);
  if (store?.kind === kind) return store as Extract<Store, { kind: K }>;
  throw new Failure('InvalidArgument', {
    message: `The platform file has no ${kind} store named "${name}"`,
    remedy: 'Put the store back into the platform file, which changed during the run, or start a new run',
  });
}
