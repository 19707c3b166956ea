import type { StoreName } from '../platform.ts';
import type { StreamedStoreKind } from '../store-kinds.ts';
import type { CatalogueObject } from '../recovery-points/catalogue-object.ts';
import type { PartReceipt } from './receipt.ts';

/** What a manifest says of a store whose backup is a set of streams. */
export interface StreamArtefact {
  store: StoreName;
  kind: StreamedStoreKind;
  parts: PartReceipt[];
  expectedSet: CatalogueObject;
  /** Between these its data were read as they were; ISO 8601, UTC. */
  moment: { from: string; to: string };
  /** Of all parts, as they are stored. */
  totalBytes: number;
  /** What the store's data took on its disk right after the backup; roughly what a restore needs. */
  dataBytes: number;
}

/**
 * Seconds from the first store's moment to the last one's: how far the stores of a point may be apart. 0 for one store, or
 * none; a store's own moment counts from its beginning to its end, during which it was read.
 */
export function skewSeconds(moments: readonly StreamArtefact['moment'][]): number {
  if (moments.length < 2) return 0;
  const times = moments.flatMap(({ from, to }) => [Date.parse(from), Date.parse(to)]);
  return (Math.max(...times) - Math.min(...times)) / 1000;
}
