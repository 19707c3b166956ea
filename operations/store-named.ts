import { Failure } from '../domain/failures.ts';
import type { Platform, Store, StoreKind } from '../domain/platform.ts';

/** The named store, of the kind that the step is for. Failure: InvalidArgument when the file has none such (any more). */
export function storeNamed<K extends StoreKind>(
  platform: Platform,
  kind: K,
  name: string,
): Extract<Store, { kind: K }> {
  const store = platform.stores.find((candidate) => candidate.name === name);
  if (store?.kind === kind) return store as Extract<Store, { kind: K }>;
  throw new Failure('InvalidArgument', {
    message: `the platform file has no ${kind} store named "${name}"`,
    remedy: 'the file was changed while the run went on: put the store back, or start anew',
  });
}
