import { Failure } from '../../domain/failures.ts';
import type { PartReceipt } from '../../domain/streams/part.ts';
import type { Watch } from '../../domain/watch.ts';
import { decrypted } from '../encryption/age-stream.ts';
import type { StreamStorage } from '../object-storage/stream-storage.ts';
import { gunzipped, summed, type Pieces, type Sum } from './pieces.ts';
import { sourceOf } from './source.ts';

/**
 * The content of a part. It throws, at its end at the latest, when the object or the content is not what the receipt says; so
 * whoever cannot take back what he read verifies the part first. Failures: RepositoryCorrupted, CaptureUnreadable, MissingKey;
 * those of the storage.
 */
export async function* readPart(
  storage: StreamStorage,
  receipt: PartReceipt,
  identity: string,
  { signal }: Watch = {},
): AsyncGenerator<Uint8Array> {
  const what = `The part ${receipt.part} (${receipt.key})`;
  const clear = decrypted(storedPieces(storage, receipt, signal), identity, what);
  const source = sourceOf(clear);
  const content = receipt.compression === 'gzip' ? gunzipped(source.pieces) : source.pieces;
  try {
    yield* summed(content, (sum) => demand(receipt, sum, receipt.content, 'content'));
  } catch (error) {
    throw source.explain(error, () =>
      error instanceof Failure ? error : damaged(receipt, 'is not in the format gzip'),
    );
  }
}

/**
 * Reads a part to its end and compares it with its receipt: with an identity also what lies inside, which only then is known
 * to be readable. Returns how many bytes the object has. Failures: those of `readPart`.
 */
export async function verifyPart(
  storage: StreamStorage,
  receipt: PartReceipt,
  identity: string | undefined,
  watch: Watch = {},
): Promise<number> {
  const { signal, onProgress } = watch;
  const total = identity === undefined ? receipt.bytes : receipt.content.bytes;
  const pieces =
    identity === undefined ? storedPieces(storage, receipt, signal) : readPart(storage, receipt, identity, watch);
  let done = 0;
  for await (const piece of pieces) {
    done += piece.length;
    onProgress?.({ done, total, unit: 'bytes', note: `Reading back ${receipt.part}` });
  }
  return receipt.bytes;
}

/** The object as it is stored, encrypted. It throws, at its end at the latest, when it is not what the receipt says. */
export async function* storedPieces(
  storage: StreamStorage,
  receipt: PartReceipt,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const pieces = await storage.read(receipt.key, { ...(signal && { signal }) });
  if (!pieces) throw damaged(receipt, `is missing in ${storage.description}`);
  yield* summed(stoppable(pieces, signal), (sum) => demand(receipt, sum, receipt, 'object'));
}

async function* stoppable(pieces: Pieces, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    yield piece;
  }
}

function demand(receipt: PartReceipt, seen: Sum, wanted: Sum, which: 'object' | 'content'): void {
  if (seen.bytes !== wanted.bytes)
    throw damaged(receipt, `has ${seen.bytes} bytes of ${which}, and should have ${wanted.bytes}`);
  if (seen.sha256 !== wanted.sha256)
    throw damaged(receipt, `has another SHA-256 of its ${which} than when it was written`);
}

function damaged({ part, key }: PartReceipt, why: string): Failure {
  return new Failure('RepositoryCorrupted', {
    message: `The part ${part} (${key}) ${why}`,
    remedy: 'Choose another recovery point, and find out who else writes to this bucket or directory',
  });
}
