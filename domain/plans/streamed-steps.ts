import { elsewhere } from '../hosts.ts';
import type { Platform } from '../platform.ts';
import type { RecoveryPointManifest, RecoveryPointId } from '../recovery-points/recovery-point.ts';
import { isMissing } from '../recovery-points/missing-stores.ts';
import { Failure } from '../failures.ts';
import { streamedStores, type StreamedStore } from '../store-kinds.ts';
import { without } from '../without.ts';
import type { Step, StepId } from './steps.ts';

// Steps of stores whose backups are streams: the same for each kind (docs/decisions/0040-one-interface-for-a-store.md).

/** What a backup asks of each store before anything is read. */
export function checkSteps(platform: Platform): Step[] {
  return streamedStores(platform).map((each): Step => ({
    id: `check-${each.name}`,
    action: 'checkStore',
    ...elsewhere(platform, each.service),
    arguments: { store: each.name },
    after: [],
    ...optionally(each),
  }));
}

/** Each store is dumped and read back; no dump waits for another. `after`: when the snapshots may begin, so that all are of one moment. */
export function backUpSteps(platform: Platform, recoveryPoint: RecoveryPointId, after: StepId[]): Step[] {
  return streamedStores(platform).flatMap((each): Step[] => {
    const { name: store, service } = each;
    const at = elsewhere(platform, service);
    return [
      {
        id: `back-up-${store}`,
        action: 'backUpStore',
        ...at,
        arguments: { store, recoveryPoint },
        after,
        // A backup that does not finish leaves no parts behind.
        undo: { action: 'discardParts', arguments: { store, recoveryPoint } },
        ...optionally(each),
      },
      {
        id: `verify-${store}`,
        action: 'verifyParts',
        ...at,
        arguments: { store, recoveryPoint },
        after: [`back-up-${store}`],
        ...optionally(each),
      },
    ];
  });
}

const optionally = ({ name, optional }: StreamedStore) => (optional === true ? { optionalStore: name } : {});

/**
 * Of a restore in place, before anything is stopped: every part is read to its end, decrypted, and compared. Failure:
 * SnapshotMissing, which preflight says before.
 */
export function readBackSteps(platform: Platform, manifest: RecoveryPointManifest, after: StepId[]): Step[] {
  return storesToRestore(platform, manifest).map((store): Step => {
    demandArtefact(manifest, store);
    return {
      id: `verify-parts-${store.name}`,
      action: 'verifyParts',
      ...elsewhere(platform, store.service),
      arguments: { store: store.name, recoveryPoint: manifest.id },
      after,
    };
  });
}

/**
 * The parts into the store that runs on its new data; the proof; then what the run set aside in it goes, which is what the
 * server's first start made. The old data is set aside with its volume. Failure: SnapshotMissing.
 */
export function restorePartsSteps(platform: Platform, manifest: RecoveryPointManifest): Step[] {
  return storesToRestore(platform, manifest).flatMap((each): Step[] => {
    const { name: store, service } = each;
    const { expectedSet } = demandArtefact(manifest, each);
    const what = { store, recoveryPoint: manifest.id };
    const at = elsewhere(platform, service);
    return [
      {
        id: `restore-${store}`,
        action: 'restoreParts',
        ...at,
        arguments: { ...what, expectedSet: expectedSet.sha256 },
        after: [`await-${store}`],
        undo: { action: 'putBackParts', arguments: what },
      },
      { id: `verify-${store}`, action: 'compareStore', ...at, arguments: what, after: [`restore-${store}`] },
      { id: `release-${store}`, action: 'releaseParts', ...at, arguments: what, after: [`verify-${store}`] },
    ];
  });
}

/** In a scene everything is new, and goes with it: nothing is put back or released. */
export function restorePartsInScene(platform: Platform, manifest: RecoveryPointManifest): Step[] {
  return restorePartsSteps(platform, manifest)
    .filter(({ action }) => action !== 'releaseParts')
    .map((step) => without(step, 'undo') as Step);
}

/** Without those that the point says it goes without: a restore leaves them as they are. */
const storesToRestore = (platform: Platform, manifest: RecoveryPointManifest) =>
  streamedStores(platform).filter(({ name }) => !isMissing(manifest, name));

function demandArtefact({ id, streams = [] }: RecoveryPointManifest, { name }: StreamedStore) {
  const artefact = streams.find(({ store }) => store === name);
  if (artefact) return artefact;
  throw new Failure('SnapshotMissing', {
    message: `Recovery point ${id} holds no data of the store "${name}"`,
    remedy: 'Choose another recovery point, or remove the store from the platform file',
  });
}
