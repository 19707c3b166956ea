import type { Check } from '../../domain/checks.ts';
import { situationOn } from '../../domain/deployment-hosts.ts';
import { hostOf, isSpread } from '../../domain/hosts.ts';
import { isFolder } from '../../domain/mounts.ts';
import { servicesOf, storesOfKind, type ServiceName } from '../../domain/platform.ts';
import { streamedStores } from '../../domain/store-kinds.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import {
  captureSourceOf,
  dataVolumes,
  helperImage,
  presentDataVolumes,
} from '../../domain/plans/restore-steps/situation.ts';
import type { Watch } from '../../domain/watch.ts';
import { checkOfFailure, observe, runCheck } from '../observation.ts';
import type { HostPreflight } from '../hosts/questions.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readCaptureOf } from '../restore/find-capture.ts';
import { checkAllocation } from './allocation.ts';
import { observeDiscovery } from './bootstrap.ts';
import { checkClock } from './clock.ts';
import { checkDisk } from './disk.ts';
import { checkEndpoint } from './endpoint.ts';
import { checkFeatureStates } from './features.ts';
import { checkImages } from './images.ts';
import { checkIndices } from './indices.ts';
import { checkNodeCount } from './nodes.ts';
import { observeStore, type StoreSeen } from './observe-store.ts';
import { checkRepository } from './repository.ts';
import { checkRepositoryType } from './repository-type.ts';
import { checkRights } from './rights.ts';
import { checkRunning } from './running.ts';
import { checkSecrets } from './secrets.ts';
import { checkParts, checkServer } from './streams.ts';
import { checkUser } from './user.ts';
import { checkCreatedVersions, checkVersion, versionOf } from './version.ts';
import { checkWriters } from './writers.ts';

export interface HostCheckOptions extends Watch {
  scratch: 'when dead' | 'never';
}

const storeChecks: [name: string, check: (seen: StoreSeen) => Check | undefined][] = [
  ['repository', checkRepository],
  ['repository type', checkRepositoryType],
  ['version', checkVersion],
  ['created versions', checkCreatedVersions],
  ['nodes', checkNodeCount],
  ['snapshots running', checkRunning],
  ['writers', checkWriters],
  ['allocation', checkAllocation],
  ['feature states', checkFeatureStates],
  ['user', checkUser],
  ['indices', checkIndices],
];

/**
 * What only the host itself can check, in parallel: its secrets, images and disk, and the stores that are worked on there.
 * It returns when all checks have ended, so that none leaves anything behind. Failure: `DockerUnreachable`.
 */
export async function checkHost(
  open: OpenPlatform,
  situation: RestoreSituation,
  options: HostCheckOptions,
): Promise<HostPreflight> {
  const { platform, docker, host } = open;
  const there = situationOn(situation, host);
  const isHere = (service: ServiceName) => !isSpread(platform) || hostOf(platform, service) === host;
  // Each node's keystore is filled on its own host.
  const withStoresHere = { ...platform, stores: platform.stores.filter((store) => servicesOf(store).some(isHere)) };
  const access = { ...open, captureOf: () => readCaptureOf(open, captureSourceOf(situation)) };
  const versions: HostPreflight['versions'] = {};
  const nodes: HostPreflight['nodes'] = {};
  const stores = storesOfKind(platform, 'elasticsearch');
  const ofStores = stores
    .filter(({ service }) => isHere(service))
    .flatMap((store) => {
      const seen = observeStore(open, store, situation, options).then((observed) => {
        const version = versionOf(observed)?.version;
        if (version !== undefined) versions[store.name] = version;
        return observed;
      });
      return [
        ...storeChecks.map(([name, check]) => runCheck(`${name} ${store.name}`, async () => check(await seen))),
        runCheck(`rights ${store.name}`, () => checkRights(access, store)),
      ];
    });
  const discoveries = stores
    .filter((store) => servicesOf(store).some(isHere))
    .map(async (store) => {
      const found = await observe(() => observeDiscovery(open, store, there));
      if ('failure' in found) return checkOfFailure(`bootstrap ${store.name}`, found.failure);
      if ('seen' in found) nodes[store.name] = found.seen;
      return undefined;
    });
  const ofStreams = streamedStores(platform)
    .filter(({ service }) => isHere(service))
    .flatMap((store) => [
      runCheck(`parts ${store.name}`, () => checkParts(open, store, situation, options)).then((check) => check ?? []),
      // Once it was stopped nobody can be asked, and the first preflight did.
      ...(options.scratch === 'never' ? [] : [serverChecks(open, store, situation, options)]),
    ]);
  const ofHost = [
    runCheck('endpoint', () => Promise.resolve(checkEndpoint(open))),
    runCheck('secrets', () => checkSecrets({ ...open, platform: withStoresHere })),
    runCheck('images', () => checkImages(docker, there, options.signal)),
    runCheck('disk', () => checkRoom(open, there, options)),
    runCheck('clock', () => checkClock(access, host)),
  ];
  const [ofThisHost, ofItsStores, ofNodes] = await Promise.all(
    [ofHost, ofStores, discoveries].map((checks) => Promise.allSettled<Check | undefined>(checks)),
  );
  return {
    ofHost: ended(ofThisHost),
    ofStores: [...ended([...(ofItsStores ?? []), ...(ofNodes ?? [])]), ...(await Promise.all(ofStreams)).flat()],
    versions,
    nodes,
  };
}

async function serverChecks(...asked: Parameters<typeof checkServer>): Promise<Check[]> {
  const [, store] = asked;
  const found = await observe(() => checkServer(...asked));
  if ('failure' in found) return [checkOfFailure(`server ${store.name}`, found.failure)];
  return 'seen' in found ? found.seen : [];
}

/** Room for the data of the stores whose first server is there. Undefined: nothing is put there. */
async function checkRoom(
  { docker, platform, host }: OpenPlatform,
  situation: RestoreSituation,
  watch: Watch,
): Promise<Check | undefined> {
  const spread = isSpread(platform);
  const stores = [...storesOfKind(platform, 'elasticsearch'), ...streamedStores(platform)].filter(
    ({ service }) => !spread || hostOf(platform, service) === host,
  );
  if (stores.length === 0) return undefined;
  const { manifest } = situation;
  const named = new Set<string>(stores.map(({ name }) => name));
  const placed = spread
    ? {
        ...situation,
        manifest: {
          ...manifest,
          stores: manifest.stores.filter(({ store }) => named.has(store)),
          streams: (manifest.streams ?? []).filter(({ store }) => named.has(store)),
        },
      }
    : situation;
  const volumes = situation.volumes === 'remove' ? presentDataVolumes(situation).map(({ name }) => name) : [];
  const folders = [...dataVolumes(situation)].filter(isFolder);
  const task = { platform: platform.platform, image: helperImage(situation), volumes, folders, ...watch };
  return checkDisk(placed, await docker.measureDisk(task));
}

function ended(results: readonly PromiseSettledResult<Check | undefined>[] = []): Check[] {
  const broken = results.find((result) => result.status === 'rejected');
  if (broken) throw broken.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []));
}
