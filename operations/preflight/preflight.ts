import type { Check } from '../../domain/checks.ts';
import { isFolder } from '../../domain/mounts.ts';
import { storesOfKind, type StoreName } from '../../domain/platform.ts';
import type { Bootstrap } from '../../domain/plans/restore-steps/bootstrap.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import {
  captureSourceOf,
  dataVolumes,
  helperImage,
  presentDataVolumes,
} from '../../domain/plans/restore-steps/situation.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { checkAllocation } from './allocation.ts';
import { bootstrapNeeded, checkBootstrap, observeDiscovery } from './bootstrap.ts';
import { checkDisk } from './disk.ts';
import { checkFeatureStates } from './features.ts';
import { checkImages } from './images.ts';
import { checkIndices } from './indices.ts';
import { checkLeftOut } from './left-out.ts';
import { checkLifecycles } from './lifecycle.ts';
import { runCheck } from '../observation.ts';
import { checkNetworks } from './networks.ts';
import { checkNodeCount } from './nodes.ts';
import { checkRecoveryPoint } from './recovery-point.ts';
import { storageHosts } from '../repository/storage-hosts.ts';
import { checkRepository } from './repository.ts';
import { checkRepositoryType } from './repository-type.ts';
import { checkRights } from './rights.ts';
import { checkRunning } from './running.ts';
import { checkSecrets } from './secrets.ts';
import { checkServices, checkOtherContainers } from './services.ts';
import { checkSource } from './sources.ts';
import { observeStore, type StoreSeen } from './observe-store.ts';
import { checkUser } from './user.ts';
import { checkVersion, versionOf } from './version.ts';
import { checkVolumes } from './volumes.ts';
import { checkWriters } from './writers.ts';
import { readCaptureOf } from '../restore/find-capture.ts';
import { readExpectedSet } from '../recovery-points/read-point.ts';

export interface PreflightOptions extends Watch {
  /**
   * `when dead` (default): a scratch Elasticsearch reads the repository when the platform's does not answer. `never`: an
   * earlier preflight proved it already; the checks that need it are left out.
   */
  scratch?: 'when dead' | 'never';
}

export interface Preflight {
  checks: Check[];
  /** The version of each Elasticsearch that is known, for the preflight to come when nobody can be asked. */
  versions: Record<StoreName, string>;
  /** The node of each Elasticsearch that must make the new cluster. */
  bootstraps: Record<StoreName, Bootstrap>;
}

const storeChecks: [name: string, check: (seen: StoreSeen) => Check | undefined][] = [
  ['repository', checkRepository],
  ['repository type', checkRepositoryType],
  ['version', checkVersion],
  ['nodes', checkNodeCount],
  ['snapshots running', checkRunning],
  ['writers', checkWriters],
  ['allocation', checkAllocation],
  ['feature states', checkFeatureStates],
  ['user', checkUser],
  ['indices', checkIndices],
];

/**
 * Checks in parallel everything that must be true before anything is stopped, and reports it all at once. A check that
 * cannot be carried out is not a pass. It returns when all checks have ended, so that none leaves anything behind.
 * Failure: `DockerUnreachable` when the engine goes away meanwhile.
 */
export async function preflight(
  open: OpenPlatform,
  situation: RestoreSituation,
  { scratch = 'when dead', ...watch }: PreflightOptions = {},
): Promise<Preflight> {
  const { platform, docker } = open;
  const { manifest } = situation;
  // Left by workers that died in the middle.
  await docker.removeScratchLeftovers(platform.platform);
  const access = { ...open, captureOf: () => readCaptureOf(open, captureSourceOf(situation)) };
  const versions: Preflight['versions'] = {};
  const bootstraps: Preflight['bootstraps'] = {};
  const discoveries = storesOfKind(platform, 'elasticsearch').map((store) =>
    runCheck(`bootstrap ${store.name}`, async () => {
      const nodes = await observeDiscovery(open, store, situation);
      const bootstrap = bootstrapNeeded(nodes);
      if (bootstrap) bootstraps[store.name] = bootstrap;
      return checkBootstrap(store.name, nodes);
    }),
  );
  const stores = storesOfKind(platform, 'elasticsearch').flatMap((store) => {
    const seen = observeStore(open, store, situation, { scratch, ...watch }).then((observed) => {
      const version = versionOf(observed)?.version;
      if (version !== undefined) versions[store.name] = version;
      return observed;
    });
    return storeChecks.map(([name, check]) => runCheck(`${name} ${store.name}`, async () => check(await seen)));
  });
  const results = await Promise.allSettled([
    runCheck('recovery point', () => Promise.resolve(checkRecoveryPoint(situation))),
    runCheck('services', () => Promise.resolve(checkServices(situation))),
    runCheck('volumes', () => Promise.resolve(checkVolumes(situation))),
    runCheck('other containers', async () => checkOtherContainers(situation, await storageHosts(access))),
    runCheck('secrets', () => checkSecrets(open)),
    runCheck('images', () => checkImages(docker, situation, watch.signal)),
    runCheck('capture', () => Promise.resolve(checkLeftOut(situation.capture.leftOut))),
    runCheck('networks', () => Promise.resolve(checkNetworks(situation))),
    runCheck('disk', async () => {
      const volumes = situation.volumes === 'remove' ? presentDataVolumes(situation).map(({ name }) => name) : [];
      const folders = [...dataVolumes(situation)].filter(isFolder);
      const task = { platform: platform.platform, image: helperImage(situation), volumes, folders, ...watch };
      return checkDisk(situation, await docker.measureDisk(task));
    }),
    checkLifecycles(access),
    ...storesOfKind(platform, 'elasticsearch').map((store) =>
      runCheck(`rights ${store.name}`, () => checkRights(access, store)),
    ),
    ...stores,
    ...discoveries,
    ...storesOfKind(platform, 'zookeeper-queue').map((store) =>
      runCheck(`source ${store.name}`, async () =>
        checkSource(store, await readExpectedSet(open, manifest.id, store.from.store)),
      ),
    ),
  ]);
  const broken = results.find((result) => result.status === 'rejected');
  if (broken) throw broken.reason;
  return {
    checks: results.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : [])),
    versions,
    bootstraps,
  };
}
