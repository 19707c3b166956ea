import { createHash } from 'node:crypto';
import { partKey, storeFolder, type PartReceipt } from '../../domain/streams/part.ts';
import type { StreamArtefact } from '../../domain/streams/stream-artefact.ts';
import type { PlatformName, StoreName } from '../../domain/platform.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { Watch } from '../../domain/watch.ts';
import type { ObjectStorage } from '../../systems/object-storage/object-storage.ts';
import type { StreamStorage } from '../../systems/object-storage/stream-storage.ts';
import type { StreamStore } from '../../systems/streams/stream-store.ts';
import { writePart } from '../../systems/streams/write-part.ts';

/** Where a store's backup goes, and how. */
export interface Destination {
  streams: StreamStorage;
  objects: ObjectStorage;
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
  { name, kind }: { name: StoreName; kind: string },
  { streams, objects, platform, point, ...how }: Destination,
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
  const bytes = Buffer.from(JSON.stringify(expected));
  const key = `${folder}expected.json`;
  await objects.put(key, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    store: name,
    kind,
    parts,
    expectedSet: { key, sha256, bytes: bytes.length },
    moment,
    totalBytes: parts.reduce((sum, part) => sum + part.bytes, 0),
  };
}
