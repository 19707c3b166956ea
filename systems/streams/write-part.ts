import { partKey, type Compression, type PartReceipt } from '../../domain/streams/part.ts';
import type { Watch } from '../../domain/watch.ts';
import { encrypted } from '../encryption/age-stream.ts';
import type { StreamStorage } from '../object-storage/stream-storage.ts';
import { guarded } from './guarded.ts';
import { gzipped, summed, type Pieces, type Sum } from './pieces.ts';
import { throttled } from './throttled.ts';

export interface PartToWrite {
  /** As `storeFolder` gives it. */
  folder: string;
  part: string;
  compression: Compression;
  /** Whose key can read it: `age1…`. */
  recipient: string;
  /** Of the content; undefined: as fast as it comes. */
  bytesPerSecond?: number;
  /** So long may the source send nothing. */
  silenceSeconds: number;
  /** For messages: `pg_dump of the database app`. */
  what: string;
  /** As far as it is known, for progress. */
  expectedBytes?: number;
}

/**
 * Writes a part from its source, compressed and encrypted, with bounded memory. When it returns the object is complete; when
 * it throws there is none. Failures: StepTimedOut (silence), MissingKey; those of the storage and of the source.
 */
export async function writePart(
  storage: StreamStorage,
  source: Pieces,
  { folder, part, compression, recipient, ...how }: PartToWrite,
  { signal, onProgress }: Watch = {},
): Promise<PartReceipt> {
  const key = partKey(folder, part, compression);
  const sums: { content?: Sum; stored?: Sum } = {};
  const startedAt = new Date().toISOString();
  const aborting = signal && { signal };
  const read = guarded(source, { silenceSeconds: how.silenceSeconds, what: how.what, ...aborting });
  const slowed = throttled(read, how.bytesPerSecond, { ...aborting });
  const counted = counting(slowed, (done) =>
    onProgress?.({ done, total: how.expectedBytes ?? 0, unit: 'bytes', note: how.what }),
  );
  const content = summed(counted, (sum) => (sums.content = sum));
  const packed = compression === 'gzip' ? gzipped(content) : content;
  const stored = summed(encrypted(packed, recipient), (sum) => (sums.stored = sum));
  await storage.write(key, stored, { ...aborting });
  if (!sums.content || !sums.stored) throw new Error(`${storage.description} took ${key} before its end`);
  return {
    part,
    key,
    compression,
    ...sums.stored,
    content: sums.content,
    startedAt,
    finishedAt: new Date().toISOString(),
  };
}

async function* counting(pieces: Pieces, onBytes: (done: number) => void): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const piece of pieces) {
    yield piece;
    done += piece.length;
    onBytes(done);
  }
}
