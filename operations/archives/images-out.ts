import { imageEntry, imagePieceBytes, type ArchivedImage } from '../../domain/archives/archive.ts';
import { Failure } from '../../domain/failures.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { Watch } from '../../domain/watch.ts';
import type { ArchiveEntries } from '../../systems/archives/write-archive.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readCapture } from '../recovery-points/read-point.ts';

/** The images that the capture of a point names, each once. Failures: ArchiveRefused when one is not here; those of the capture. */
export async function imagesOf(
  open: Pick<OpenPlatform, 'catalogue' | 'identity' | 'docker'>,
  id: RecoveryPointId,
): Promise<ArchivedImage[]> {
  const { containers } = await readCapture(open, id);
  const named = containers.map(({ image: { reference, digest } }) => ({ reference, digest }));
  const images: ArchivedImage[] = [];
  const missing: string[] = [];
  for (const image of new Map(named.map((each) => [JSON.stringify(each), each])).values()) {
    const found = await open.docker.archivedImage(image);
    if (found) images.push(found);
    else missing.push(`${image.reference} (${image.digest})`);
  }
  if (missing.length > 0)
    throw new Failure('ArchiveRefused', {
      message: `Nothing was exported: the Docker engine at ${open.docker.address} lacks images of the recovery point ${id}: ${missing.join(', ')}`,
      remedy:
        'Bring them onto that engine (docker pull; docker save and docker load for those that only other hosts have), or export without --with-images',
    });
  return images;
}

/** Nothing is added without images. Failures: those of the engine. */
export async function addImages(
  entries: Pick<ArchiveEntries, 'add'>,
  { docker }: Pick<OpenPlatform, 'docker'>,
  images: readonly ArchivedImage[],
  { signal, onProgress }: Watch,
): Promise<void> {
  if (images.length === 0) return;
  let [number, done] = [0, 0];
  for await (const { bytes, content } of inPieces(await docker.saveImages(images, signal), imagePieceBytes)) {
    signal?.throwIfAborted();
    number += 1;
    await entries.add(imageEntry(number), bytes, content());
    done += bytes;
    onProgress?.({ done, total: 0, unit: 'bytes', note: 'images' });
  }
}

interface Piece {
  bytes: number;
  content: () => AsyncGenerator<Uint8Array>;
}

/** Cuts a stream; one piece is held in memory. */
export async function* inPieces(stream: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Piece, void> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  const cut = (): Piece => {
    const piece = { bytes, content: each(held) };
    [held, bytes] = [[], 0];
    return piece;
  };
  for await (const part of stream) {
    for (let rest = part; rest.length > 0;) {
      const taken = rest.subarray(0, size - bytes);
      held.push(taken);
      bytes += taken.length;
      rest = rest.subarray(taken.length);
      if (bytes === size) yield cut();
    }
  }
  if (bytes > 0) yield cut();
}

const each = (parts: readonly Uint8Array[]) =>
  async function* () {
    yield* await Promise.resolve(parts);
  };
