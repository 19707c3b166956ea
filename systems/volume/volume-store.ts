import { compareVolume } from '../../domain/volume/compare.ts';
import { volumeChecks, volumeRestoreChecks } from '../../domain/volume/compatibility.ts';
import type { VolumeExpectedSet, VolumePlace } from '../../domain/volume/expected.ts';
import { differences, type Listing } from '../../domain/volume/listing.ts';
import { Failure } from '../../domain/failures.ts';
import type { Watch } from '../../domain/watch.ts';
import { exchange, isKept, newFolder, putBackKept, releaseKept, type Exchanged } from '../docker/exchange/exchange.ts';
import type { StoppableContainer } from '../docker/exchange/stoppable-container.ts';
import type { Pieces } from '../streams/pieces.ts';
import { runId } from '../streams/run-id.ts';
import type { StreamStore, Taken, WritePart } from '../streams/stream-store.ts';
import { filtered } from './filtered.ts';
import { inspected, listingOf } from './inspected.ts';

export interface VolumeAccess {
  store: string;
  container: StoppableContainer;
  /** As the container sees it. */
  folder: string;
  /** Paths in the folder that are not backed up, with all that lies in them. */
  exclude: readonly string[];
}

export const filesPart = 'files';

/** A folder of a container, in a volume or in a folder of the host, as a store of streams: one tar archive. */
export function volumeStore(access: VolumeAccess): StreamStore<VolumeExpectedSet> {
  const { store, container, folder } = access;
  return {
    async check(expected) {
      const place: VolumePlace = { folder, ...(await container.describe()) };
      return expected ? volumeRestoreChecks(store, place) : volumeChecks(store, place);
    },
    // The engine reads and writes the folder, and asks nobody.
    answers: () => Promise.resolve(),
    async inventory(watch) {
      const kibibytes = await container.onVolumes(sizeOf(folder), watch);
      return { [filesPart]: Number.parseInt(kibibytes.at(-1) ?? '', 10) * 1024 };
    },
    backUp: (write, watch) => backUpVolume(access, write, watch),
    order: (parts) => [...parts],
    async restore(part, pieces, run, watch) {
      if (part !== filesPart) throw new Error(`A volume has no part ${part}`);
      await restoreVolume(access, pieces, run, watch);
    },
    async compare(expected, watch) {
      return [compareVolume(expected, await listingOf(contentOf(access, watch), whatOf(access)))];
    },
    async putBack(_, run, watch) {
      const exchanged = exchangedOf(access, run);
      if (await isKept(exchanged, watch)) await container.stop(watch);
      // Also where nothing was kept: what an attempt made ready is removed.
      await putBackKept(exchanged, watch);
      await container.start(watch);
    },
    async release(_, run, watch) {
      await releaseKept(exchangedOf(access, run), watch);
    },
  };
}

const exchangedOf = ({ container, folder, store }: VolumeAccess, run: string): Exchanged => ({
  container,
  folder,
  id: runId(run, store),
  entries: [],
});

const whatOf = ({ store, folder }: VolumeAccess): string => `The archive of ${folder} (${store})`;

const contentOf = ({ container, folder, exclude }: VolumeAccess, { signal }: Watch): Pieces =>
  filtered(container.archiveOf(folder, { ...(signal && { signal }) }), exclude);

const sizeOf = (folder: string) => ({
  script: 'du -sk "$1"',
  arguments: [folder],
  what: 'Measuring the folder',
});

/** Failures: ServiceNotFound, InvalidArgument; those of `write`. */
async function backUpVolume(access: VolumeAccess, write: WritePart, watch: Watch): Promise<Taken<VolumeExpectedSet>> {
  const from = new Date().toISOString();
  const found: Listing[] = [];
  const what = whatOf(access);
  const pieces = inspected(contentOf(access, watch), what, (listing) => found.push(listing));
  await write({ part: filesPart, compression: 'gzip', what, pieces });
  const [listing] = found;
  if (!listing) throw new Error(`${what} was not read to its end`);
  return { expected: { version: 1, store: access.store, listing }, moment: { from, to: new Date().toISOString() } };
}

/**
 * Unpacks next to what is there, while the service runs, and reads it back; then the service is stopped, what is there and what
 * comes change places, and it is started. Failures: RepositoryCorrupted, RestoreFailed, ContainerFailed; what the pieces throw.
 */
async function restoreVolume(access: VolumeAccess, pieces: Pieces, run: string, watch: Watch): Promise<void> {
  const { container } = access;
  const exchanged = exchangedOf(access, run);
  const at = newFolder(exchanged);
  const folder = (script: string, ...more: string[]) =>
    container.onVolumes({ script, arguments: [at, ...more], what: 'Making the folder ready' }, watch);
  await folder('rm -rf "$1" && mkdir -p "$1"');
  try {
    const found: Listing[] = [];
    await container.unpack(
      at,
      inspected(pieces, whatOf(access), (listing) => found.push(listing)),
    );
    const [packed] = found;
    // The engine gives the folder itself neither owner nor mode.
    if (packed?.root) {
      const { uid, gid, mode } = packed.root;
      await folder('chown "$2" "$1" && chmod "$3" "$1"', `${uid}:${gid}`, mode.toString(8));
    }
    demandEqual(access, packed, await listingOf(container.archiveOf(at), `What was unpacked in ${at}`));
  } catch (error) {
    await folder('rm -rf "$1"').catch(() => undefined);
    throw error;
  }
  await container.stop(watch);
  await exchange(exchanged, watch);
  await container.start(watch);
}

function demandEqual(access: VolumeAccess, packed: Listing | undefined, unpacked: Listing): void {
  const differing = packed ? differences(packed, unpacked) : ['it was not read to its end'];
  if (differing.length === 0) return;
  throw new Failure('RestoreFailed', {
    message: `${whatOf(access)} was unpacked, and what lies there now is something else: ${differing.join(', ')}`,
    remedy: 'Look for a file system that keeps no owners, modes or long names, then retry',
  });
}
