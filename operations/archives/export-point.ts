import {
  archiveFormat,
  archiveVersion,
  catalogueEntry,
  headerEntry,
  platformEntry,
  readmeEntry,
  repositoryEntry,
  scriptEntry,
  type ArchivedStore,
  type ArchiveHeader,
  type ArtefactsIn,
} from '../../domain/archives/archive.ts';
import { pointArchive } from '../../domain/archives/check-entries.ts';
import { archiveReadme } from '../../domain/archives/readme.ts';
import { Failure } from '../../domain/failures.ts';
import type { Watch } from '../../domain/watch.ts';
import type { RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';
import { readArchive } from '../../systems/archives/read-archive.ts';
import { writeArchive, type ArchiveEntries } from '../../systems/archives/write-archive.ts';
import { storedPieces } from '../../systems/streams/read-part.ts';
import { recipientOf } from '../../systems/encryption/age.ts';
import { scriptFor } from '../backup/write-kit.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { personOf, pin } from '../recovery-points/pins.ts';
import { pointNamed } from '../recovery-points/point-choice.ts';
import { exportedStores, type ExportedStore, type OpenBucket } from './exported-stores.ts';
import { addImages, imagesOf } from './images-out.ts';
import { keptObjects } from './kept-objects.ts';
import { withoutSecrets } from './without-secrets.ts';
import { withSmallAhead } from './small-files.ts';
import { checkedParts } from './snapshot-files.ts';

export interface ExportRequest {
  /** An id, `latest` or `proven`. */
  point: string;
  /** Where the archive is to lie. */
  file: string;
  artefacts: ArtefactsIn;
  /** With the images that the point's capture names. */
  withImages?: boolean;
  /** Bytes of each part; absent: one file. */
  splitBytes?: number;
  /** Rekindle's own. */
  version: string;
  /** Opens a repository's bucket; a test gives a folder. */
  openBucket?: OpenBucket;
}

export interface Exported {
  header: ArchiveHeader;
  /** The archive, or its parts in order. */
  files: string[];
  /** Why there is no script in it; absent: there is one. */
  noScript?: string;
}

/**
 * Writes a recovery point into one file: its objects in the catalogue, parts of stores included, the platform file, the plan as a script, and the
 * files of its snapshots or where they are; if wanted, its images. The point is pinned meanwhile. Failures: ArchiveRefused (the file is there
 * already, or another export writes it), RecoveryPointNotFound, RepositoryCorrupted, SnapshotMissing, SnapshotRunning,
 * ObjectStorageFull, those of the storage; then no file is left.
 */
export async function exportPoint(open: OpenPlatform, request: ExportRequest, watch: Watch = {}): Promise<Exported> {
  const { platform, catalogue, kitSources } = open;
  if (kitSources === undefined) throw new TypeError('An archive holds the platform file: open the platform with it');
  const id = await pointNamed(open, request.point);
  const exportedAt = new Date().toISOString();
  const by = personOf(`export-${exportedAt}`);
  await pin(catalogue, id, by);
  try {
    const manifest = await catalogue.readManifest(id);
    const images = request.withImages === true ? await imagesOf(open, id) : [];
    const script = await scriptOrWhy(open, manifest, kitSources.keyFile);
    const stores = await exportedStores(open, manifest, request, watch);
    const recipient = manifest.capture && (await recipientHere(open));
    const header: ArchiveHeader = {
      format: archiveFormat,
      version: archiveVersion,
      platform: platform.platform,
      point: id,
      exportedAt,
      exportedBy: `Rekindle ${request.version}`,
      artefacts: request.artefacts,
      ...(recipient !== undefined && { recipient }),
      stores: stores.map(({ archived }) => archived),
      ...(images.length > 0 && { images }),
    };
    const noScript = 'why' in script ? { noScript: script.why } : {};
    const texts: Record<string, string> = {
      [headerEntry]: `${JSON.stringify(header, undefined, 2)}\n`,
      [platformEntry]: withoutSecrets(kitSources.fileText, `The platform file of ${platform.platform}`),
      [readmeEntry]: archiveReadme(header, noScript.noScript),
      ...('text' in script && { [scriptEntry]: script.text }),
    };
    const files = await writeArchive(
      request.file,
      {
        splitBytes: request.splitBytes,
        at: exportedAt,
        verify: async (written) => void (await readArchive(written, pointArchive)),
      },
      async (entries) => {
        for (const [name, text] of Object.entries(texts)) await entries.addWhole(name, new TextEncoder().encode(text));
        await addImages(entries, open, images, watch);
        for (const store of stores) await addFiles(entries, store, watch);
        await addParts(entries, open, manifest, watch);
        for (const { key, content } of await keptObjects(catalogue, platform.platform, id))
          await entries.addWhole(catalogueEntry(key), content);
      },
    );
    return { header, files, ...noScript };
  } finally {
    // What cannot be taken back now, a person can: `rekindle points` shows the pin, `rekindle unpin` removes it.
    await catalogue.unmark(id, 'pinned', { run: by }).catch(() => undefined);
  }
}

/** The files first, then the repository's index: a copy by hand that stops in the middle is no repository. */
async function addFiles(entries: ArchiveEntries, { archived, source }: ExportedStore, watch: Watch): Promise<void> {
  if (source === undefined) return;
  const { bucket, point, files } = source;
  const { store } = archived;
  const { signal, onProgress } = watch;
  let done = 0;
  async function* parts() {
    for await (const file of files.each()) yield* checkedParts(bucket, file, point, signal);
  }
  for await (const { key, bytes, content } of withSmallAhead(parts())) {
    await entries.add(repositoryEntry(store, key), bytes, content);
    done += bytes;
    onProgress?.(progressOf(archived, done));
  }
  for (const { key, content } of files.index) await entries.addWhole(repositoryEntry(store, key), content);
}

/** The parts of stores that are backed up by streams, as they lie in the catalogue. Failure: RepositoryCorrupted. */
async function addParts(
  entries: ArchiveEntries,
  open: Pick<OpenPlatform, 'streams'>,
  { streams = [] }: RecoveryPointManifest,
  { signal, onProgress }: Watch,
): Promise<void> {
  if (streams.length === 0) return;
  const storage = await open.streams();
  for (const { store, parts, totalBytes } of streams) {
    let done = 0;
    for (const receipt of parts) {
      await entries.add(catalogueEntry(receipt.key), receipt.bytes, storedPieces(storage, receipt, signal));
      done += receipt.bytes;
      onProgress?.({ done, total: totalBytes, unit: 'bytes', note: `parts of ${store}` });
    }
  }
}

const progressOf = ({ bytes, store }: ArchivedStore, done: number) => ({
  done,
  total: bytes,
  unit: 'bytes' as const,
  note: `files of ${store}`,
});

async function scriptOrWhy(
  open: OpenPlatform,
  manifest: RecoveryPointManifest,
  keyFile: string,
): Promise<{ text: string } | { why: string }> {
  try {
    return { text: await scriptFor(open, manifest, keyFile) };
  } catch (error) {
    if (error instanceof Failure) return { why: error.message };
    throw error;
  }
}

/** The public half of the key of this machine; undefined: there is none here. */
async function recipientHere(open: Pick<OpenPlatform, 'identity'>): Promise<string | undefined> {
  try {
    return await recipientOf(await open.identity());
  } catch (error) {
    if (error instanceof Failure && error.kind === 'MissingKey') return undefined;
    throw error;
  }
}
