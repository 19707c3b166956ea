import type { ArchiveHeader } from '../../domain/archives/archive.ts';
import { pointArchive } from '../../domain/archives/check-entries.ts';
import type { PlatformName } from '../../domain/platform.ts';
import type { Watch } from '../../domain/watch.ts';
import { partsOf } from '../../systems/archives/file-parts.ts';
import type { LargeObjects } from '../../systems/object-storage/s3-objects.ts';
import type { Pieces } from '../../systems/streams/pieces.ts';
import { readArchive } from '../../systems/archives/read-archive.ts';
import { mustLoad, openLoad, type ImagesTarget } from './images-in.ts';
import { changedMeanwhile, assertFree } from './before-import.ts';
import type { ImportTarget } from './import-target.ts';
import { readWhole, type WholeArchive } from './whole-archive.ts';

export interface Imported {
  header: ArchiveHeader;
  /** Bytes of all entries. */
  bytes: number;
  files: string[];
  /** What became of the images; absent: they were not wanted. */
  engineImages?: 'loaded' | 'present';
  /** Absent: the archive was only checked. */
  placed?: { platformFile: string; where: string[]; notes: string[] };
}

/**
 * Puts what an archive holds where a restore finds it: images, the snapshots' files and the parts of stores first, the repository's index
 * after them, the point's objects, its manifest, and last the platform file. The whole archive is verified before anything is written.
 * An import that was interrupted is repeated: what is there already and the same is no fault. Without a target the archive
 * is only verified. `docker`: gets the images. Failures: ArchiveRefused (then nothing was written), DiskFull, ImageMissing, those of the target.
 */
export async function importArchive(
  file: string,
  openTarget?: (platform: PlatformName) => ImportTarget | Promise<ImportTarget>,
  { docker, ...watch }: Watch & { docker?: ImagesTarget } = {},
): Promise<Imported> {
  // Who has no engine hears it before a long reading.
  await docker?.ping();
  const files = await partsOf(file);
  const whole = await readWhole(files);
  const { header, content } = whole;
  const answer = { header, bytes: content.bytes, files };
  if (openTarget === undefined) return answer;
  const loads = docker !== undefined && (await mustLoad(docker, header));
  const target = await openTarget(header.platform);
  await assertFree(whole, target);
  await placeFiles(files, whole, { target, ...(loads && { docker }) }, watch);
  await docker?.confirmImages(header.images ?? []);
  for (const { key, bytes } of whole.objects) await target.catalogue.put(key, bytes);
  const { path, notes } = await target.placePlatformFile(whole.platformText);
  const where = [target.catalogue.description, ...repositoriesOf(header, target)];
  const images = docker && { engineImages: loads ? ('loaded' as const) : ('present' as const) };
  return { ...answer, ...images, placed: { platformFile: path, where, notes } };
}

function repositoriesOf({ artefacts, stores }: ArchiveHeader, target: ImportTarget): string[] {
  return artefacts === 'data' ? stores.map((store) => target.repository(store).where) : [];
}

/** Elasticsearch finds a repository by these; they come when the rest is there. */
const isIndex = (key: string) => /^index(-\d+|\.latest)$/.test(key);

async function placeFiles(
  files: readonly string[],
  whole: WholeArchive,
  { target, docker }: { target: ImportTarget; docker?: ImagesTarget },
  { signal, onProgress }: Watch,
): Promise<void> {
  const { header, content, manifest } = whole;
  const { streams = [] } = manifest;
  const total = [...header.stores.map(({ bytes }) => bytes), ...streams.map(({ totalBytes }) => totalBytes)].reduce(
    (sum, bytes) => sum + bytes,
    0,
  );
  if (total === 0 && docker === undefined) return;
  const load = docker && openLoad(docker, content);
  let done = 0;
  const indices: { store: string; key: string; bytes: Uint8Array; name: string }[] = [];
  const into = async (objects: Pick<LargeObjects, 'write'>, key: string, name: string, pieces: Pieces) => {
    const wanted = content.entries.get(name);
    if (wanted === undefined || !(await objects.write(key, pieces, wanted))) throw changedMeanwhile(name);
    done += wanted.bytes;
  };
  const write = async (store: string, key: string, name: string, pieces: Pieces) => {
    const archived = header.stores.find((each) => each.store === store);
    if (archived === undefined) throw changedMeanwhile(name);
    await into(target.repository(archived).objects, key, name, pieces);
    onProgress?.({ done, total, unit: 'bytes', note: `files of ${store}` });
  };
  const reading = readArchive(files, pointArchive, async ({ name, place, content: pieces }) => {
    signal?.throwIfAborted();
    if (place.kind === 'image') return load?.take(pieces);
    if (place.kind === 'part') {
      await into(target.parts, place.key, name, pieces);
      onProgress?.({ done, total, unit: 'bytes', note: 'parts of stores' });
    }
    if (place.kind !== 'repository') return;
    if (!isIndex(place.key)) return write(place.store, place.key, name, pieces);
    const kept: Uint8Array[] = [];
    for await (const piece of pieces) kept.push(piece);
    indices.push({ store: place.store, key: place.key, name, bytes: Buffer.concat(kept) });
  });
  await reading.catch((error: unknown) => {
    load?.cancel(error as Error);
    throw error;
  });
  for (const { store, key, name, bytes } of indices.toSorted((a, b) => (a.key < b.key ? -1 : 1)))
    await write(store, key, name, one(bytes));
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
