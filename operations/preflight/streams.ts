import { failed, passed, warned, type Check } from '../../domain/checks.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { leftByRestore } from '../../domain/recovery-points/missing-stores.ts';
import type { StreamedStore } from '../../domain/store-kinds.ts';
import type { Watch } from '../../domain/watch.ts';
import { verifyPart } from '../../systems/streams/read-part.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { containerOfStore, openStreamStore } from '../streams/open-stream-store.ts';
import { expectedIn } from '../streams/read-artefact.ts';

const another = 'Choose another recovery point; "rekindle scrub" tells which others are damaged';

/**
 * Whether every part of the store is in the catalogue, and the key opens them: the smallest is read to its end. A restore reads them
 * all before it stops anything.
 */
export async function checkParts(
  open: Pick<OpenPlatform, 'catalogue' | 'streams' | 'identity'>,
  { name: store }: StreamedStore,
  { manifest }: Pick<RestoreSituation, 'manifest'>,
  watch: Watch,
): Promise<Check> {
  const name = `parts ${store}`;
  const artefact = manifest.streams?.find((candidate) => candidate.store === store);
  if (artefact === undefined)
    return (
      leftByRestore(manifest, store) ??
      failed(
        name,
        `${manifest.id} holds no data of ${store}`,
        'Choose another recovery point, or remove the store from the platform file',
      )
    );
  const present = new Map((await open.catalogue.objectsOf(manifest.id)).map(({ key, bytes }) => [key, bytes]));
  const faults = artefact.parts.flatMap(({ key, bytes }) => {
    const there = present.get(key);
    if (there === undefined) return [`${key} is missing`];
    return there === bytes ? [] : [`${key} has ${there} bytes, and should have ${bytes}`];
  });
  if (faults.length > 0) return failed(name, faults.join('; '), another);
  const [smallest] = artefact.parts.toSorted((a, b) => a.bytes - b.bytes);
  if (smallest) await verifyPart(await open.streams(), smallest, await open.identity(), watch);
  return passed(
    name,
    `${artefact.parts.length} parts with ${artefact.totalBytes} bytes are in the catalogue, and the key opens them`,
  );
}

/** What the server that runs says of the point: versions, extensions, rights. Undefined: the repeated preflight, once it is stopped. */
export async function checkServer(
  open: OpenPlatform,
  store: StreamedStore,
  { manifest }: Pick<RestoreSituation, 'manifest'>,
  watch: Watch,
): Promise<Check[]> {
  const artefact = manifest.streams?.find((candidate) => candidate.store === store.name);
  if (artefact === undefined) return [];
  const isRunning = await containerOfStore(open, store).then(
    ({ running }) => running,
    () => false,
  );
  if (!isRunning)
    return [
      warned(
        `server ${store.name}`,
        'Its server does not run, so it was not asked for its version and extensions; the restore asks before it changes anything in it',
        `Start ${store.service} and check again, if it can be started`,
      ),
    ];
  const driver = await openStreamStore(open, store, `preflight of ${manifest.id}`);
  return driver.check(await expectedIn(open, artefact), watch);
}
