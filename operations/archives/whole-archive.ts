import { catalogueEntry, placeOf, platformEntry, type ArchiveHeader } from '../../domain/archives/archive.ts';
import { pointArchive } from '../../domain/archives/check-entries.ts';
import { shown } from '../../domain/archives/shown.ts';
import { Failure } from '../../domain/failures.ts';
import type { RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';
import { bytesOf, readArchive, type ArchiveContent } from '../../systems/archives/read-archive.ts';
import { openCatalogue } from '../../systems/catalogue/open-catalogue.ts';
import type { ObjectStorage } from '../../systems/object-storage/object-storage.ts';
import { rank } from './kept-objects.ts';

/** An archive that was read to its end and is good, with what of it is small. */
export interface WholeArchive {
  header: ArchiveHeader;
  content: ArchiveContent<ArchiveHeader>;
  manifest: RecoveryPointManifest;
  platformText: string;
  /** The point's objects, the manifest last. */
  objects: { key: string; bytes: Uint8Array }[];
}

/** Objects of a point are held in memory: expected sets and the capture, some megabytes. */
const mostObjectBytes = 512 * 1024 * 1024;

/**
 * Reads an archive and proves that it is a recovery point: every digest, and the manifest with all that it names. Failure:
 * ArchiveRefused.
 */
export async function readWhole(files: readonly string[]): Promise<WholeArchive> {
  const objects = new Map<string, Uint8Array>();
  let platformText: string | undefined;
  let objectBytes = 0;
  const content = await readArchive(files, pointArchive, async ({ name, bytes, place, content: pieces }) => {
    if (place.kind === 'platform') platformText = new TextDecoder().decode(await bytesOf(pieces));
    if (place.kind !== 'catalogue') return;
    objectBytes += bytes;
    if (objectBytes > mostObjectBytes)
      throw refused(`its recovery point has more than ${mostObjectBytes} bytes of objects`);
    objects.set(name.slice('catalogue/'.length), await bytesOf(pieces));
  });
  const { header } = content;
  const stray = [...objects.keys()].find((key) => rank(header.platform, key) === undefined);
  if (stray !== undefined) throw refused(`it holds ${shown(stray)}, which does not travel with a recovery point`);
  if (platformText === undefined) throw refused(`it holds no ${platformEntry}`);
  const manifest = await manifestOf(header, objects);
  demandParts(manifest, content);
  const sorted = [...objects].map(([key, bytes]) => ({ key, bytes }));
  sorted.sort((a, b) => (rank(header.platform, a.key) ?? 0) - (rank(header.platform, b.key) ?? 0));
  return { header, content, manifest, platformText, objects: sorted };
}

/** The catalogue's own reader judges what is to become part of a catalogue. */
async function manifestOf(
  header: ArchiveHeader,
  objects: ReadonlyMap<string, Uint8Array>,
): Promise<RecoveryPointManifest> {
  const catalogue = openCatalogue(readOnly(objects), header.platform);
  try {
    const manifest = await catalogue.readManifest(header.point);
    for (const { expectedSet } of [...manifest.stores, ...(manifest.streams ?? [])])
      await catalogue.getObject(expectedSet);
    if (manifest.capture) await catalogue.getObject(manifest.capture);
    const named = (stores: readonly { store: string; repository: string; snapshot: string }[]) =>
      stores
        .map(({ store, repository, snapshot }) => JSON.stringify([store, repository, snapshot]))
        .toSorted()
        .join();
    if (named(manifest.stores) !== named(header.stores))
      throw refused('its first entry names other stores than its manifest');
    return manifest;
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'ArchiveRefused') throw error;
    throw refused(error.message);
  }
}

/** Every part that the manifest names, and no other. Failure: ArchiveRefused. */
function demandParts({ streams = [] }: RecoveryPointManifest, { entries }: ArchiveContent<ArchiveHeader>): void {
  const wanted = new Map(
    streams.flatMap(({ parts }) => parts.map((part) => [catalogueEntry(part.key), part] as const)),
  );
  for (const [name, { bytes, sha256, key }] of wanted) {
    const found = entries.get(name);
    if (found === undefined) throw refused(`it lacks ${shown(key)}, which its manifest names`);
    if (found.bytes !== bytes || found.sha256 !== sha256) throw refused(`${shown(key)} is not what its manifest names`);
  }
  const stray = [...entries.keys()].find((name) => placeOf(name)?.kind === 'part' && !wanted.has(name));
  if (stray !== undefined) throw refused(`it holds ${shown(stray)}, which its manifest does not name`);
}

function readOnly(objects: ReadonlyMap<string, Uint8Array>): ObjectStorage {
  const never = () => Promise.reject(new TypeError('An archive is only read'));
  return {
    description: 'the archive',
    put: never,
    delete: never,
    get: (key) => Promise.resolve(objects.get(key)),
    async *list(prefix) {
      await Promise.resolve();
      for (const [key, { length: bytes }] of objects) if (key.startsWith(prefix)) yield { key, bytes };
    },
  };
}

function refused(why: string): Failure {
  return new Failure('ArchiveRefused', {
    message: `The archive is refused: ${why}`,
    remedy: 'Export the recovery point again',
  });
}
