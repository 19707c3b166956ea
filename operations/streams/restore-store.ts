import { passed, type Check } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import type { PartReceipt } from '../../domain/streams/part.ts';
import type { StreamArtefact } from '../../domain/streams/stream-artefact.ts';
import type { Watch } from '../../domain/watch.ts';
import type { StreamStorage } from '../../systems/object-storage/stream-storage.ts';
import { readPart, verifyPart } from '../../systems/streams/read-part.ts';
import type { StreamStore } from '../../systems/streams/stream-store.ts';

/**
 * Reads all parts of a store back, before anything is touched: with the key to the end of their content, which a restore then
 * reads. Failures: RepositoryCorrupted, CaptureUnreadable; those of the storage.
 */
export async function verifyParts(
  { store, parts }: StreamArtefact,
  streams: StreamStorage,
  identity: string | undefined,
  watch: Watch = {},
): Promise<Check[]> {
  let bytes = 0;
  for (const receipt of parts) bytes += await verifyPart(streams, receipt, identity, watch);
  const how = identity === undefined ? 'their checksums are right' : 'they can be decrypted, and hold what was written';
  return [passed(`parts ${store}`, `${parts.length} parts with ${bytes} bytes were read back: ${how}`)];
}

/**
 * Restores all parts, in the store's own order; what is there is set aside for the run. Repeated after a failure, it begins
 * anew. Failures: those of `verifyParts` and of the store.
 */
export async function restoreParts<Expected>(
  store: StreamStore<Expected>,
  artefact: StreamArtefact,
  { streams, identity, run }: { streams: StreamStorage; identity: string; run: string },
  watch: Watch = {},
): Promise<void> {
  for (const part of store.order(artefact.parts.map((receipt) => receipt.part)))
    await store.restore(part, readPart(streams, receiptOf(artefact, part), identity, watch), run, watch);
}

function receiptOf({ store, parts }: StreamArtefact, part: string): PartReceipt {
  const receipt = parts.find((candidate) => candidate.part === part);
  if (receipt) return receipt;
  throw new Failure('RepositoryCorrupted', {
    message: `The recovery point has no part ${part} of the store ${store}`,
    remedy: 'Choose another recovery point',
  });
}
