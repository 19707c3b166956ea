import { partKey, storeFolder, type PartReceipt } from '../../domain/streams/part.ts';
import type { StreamArtefact } from '../../domain/streams/stream-artefact.ts';
import type { PlatformName, StoreName } from '../../domain/platform.ts';
import type { StreamedStoreKind } from '../../domain/store-kinds.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { Watch } from '../../domain/watch.ts';
import type { Catalogue } from '../../systems/catalogue/catalogue.ts';
import type { StreamStorage } from '../../systems/object-storage/stream-storage.ts';
import type { StreamStore } from '../../systems/streams/stream-store.ts';
import { writePart } from '../../systems/streams/write-part.ts';
import { encodeJson } from '../json.ts';

/** Where a store's backup goes, and how. */
export interface Destination {
  streams: StreamStorage;
  catalogue: Pick<Catalogue, 'putObject'>;
  platform: PlatformName;
  point: RecoveryPointId;
  /** The public half of the platform's key. */
  recipient: string;
  bytesPerSecond?: number;
  silenceSeconds: number;
}

/**
 * Backs a store up into a recovery point that is not published yet. Begun again, it begins anew: what an earlier attempt left
 * unfinished is removed, what it finished is replaced. Failures: those of the store, of the storage, and of `writePart`.
 */
export async function backUpStore<Expected>(
  store: StreamStore<Expected>,
  { name, kind }: { name: StoreName; kind: StreamedStoreKind },
  { streams, catalogue, platform, point, ...how }: Destination,
  watch: Watch = {},
): Promise<StreamArtefact> {
  const folder = storeFolder(platform, point, name);
  await streams.abandon(folder);
  const parts: PartReceipt[] = [];
  const { expected, moment } = await store.backUp(async ({ pieces, ...source }) => {
    const key = partKey(folder, source.part, source.compression);
    if (parts.some((written) => written.key === key)) throw new Error(`Two parts of ${name} have the key ${key}`);
    parts.push(await writePart(streams, pieces, { folder, ...source, ...how }, watch));
  }, watch);
  // Not before: every question delays the moment of this store against those of the others.
  const inventory = Object.values(await store.inventory(watch));
  const artefact: StreamArtefact = {
    store: name,
    kind,
    parts,
    expectedSet: await catalogue.putObject(point, streamObject(name, 'expected'), encodeJson(expected)),
    moment,
    totalBytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    dataBytes: inventory.reduce((sum, bytes) => sum + bytes, 0),
  };
  await catalogue.putObject(point, streamObject(name, 'artefact'), encodeJson(artefact));
  return artefact;
}

/** The object of a point that says what of a store is in it: what the manifest will say, or what a restore must bring back. */
export const streamObject = (store: StoreName, what: 'artefact' | 'expected'): string => `stores/${store}/${what}.json`;
