import { failed, type Check } from '../../domain/checks.ts';
import type { Bootstrap } from '../../domain/plans/restore-steps/bootstrap.ts';
import { storesOfKind, type StoreName } from '../../domain/platform.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { captureSourceOf } from '../../domain/plans/restore-steps/situation.ts';
import type { Watch } from '../../domain/watch.ts';
import { checkWorkers } from '../../domain/workers.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { bootstrapNeeded, checkBootstrap } from './bootstrap.ts';
import { checkEveryHost } from './every-host.ts';
import { checkLeftOut } from './left-out.ts';
import { checkLifecycles } from './lifecycle.ts';
import { runCheck } from '../observation.ts';
import { checkNetworks } from './networks.ts';
import { checkProven } from './proven.ts';
import { checkRecoveryPoint } from './recovery-point.ts';
import { storageHosts } from '../repository/storage-hosts.ts';
import { checkServices, checkOtherContainers } from './services.ts';
import { checkSource } from './sources.ts';
import { checkStrays } from './strays.ts';
import { checkSwarm } from './swarm.ts';
import { checkVolumes } from './volumes.ts';
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

/**
 * Checks in parallel, on every host, everything that must be true before anything is stopped, and reports it all at once. A
 * check that cannot be carried out is not a pass. It returns when all checks have ended, so that none leaves anything
 * behind. Failure: `DockerUnreachable` when an engine goes away meanwhile.
 */
export async function preflight(
  open: OpenPlatform,
  situation: RestoreSituation,
  { scratch = 'when dead', ...watch }: PreflightOptions = {},
): Promise<Preflight> {
  const { platform, docker } = open;
  const { manifest, platformFilesDiffer = [] } = situation;
  // Left by workers that died in the middle.
  await docker.removeScratchLeftovers(platform.platform);
  const access = { ...open, captureOf: () => readCaptureOf(open, captureSourceOf(situation)) };
  const check = (name: string, work: () => Check | undefined | Promise<Check | undefined>) =>
    runCheck(name, async () => work());
  const hostsWork = checkEveryHost(open, situation, { scratch, ...watch });
  // In the order in which they are shown; what the hosts answer stands in between.
  const first = [
    check('recovery point', () => checkRecoveryPoint(situation)),
    check('proven', () => situation.proofs && checkProven(situation, situation.proofs, Date.now())),
    check('services', () => checkServices(situation)),
    check('placement', () => checkStrays(situation)),
    check('volumes', () => checkVolumes(situation)),
    check('other containers', async () => checkOtherContainers(situation, await storageHosts(access))),
    check('platform file', () => checkPlatformFiles(platformFilesDiffer)),
  ];
  const second = [
    check('capture', () => checkLeftOut(situation.capture.leftOut)),
    check('networks', () => checkNetworks(situation)),
    check('swarm', () => checkSwarm(situation)),
  ];
  const third = [checkLifecycles(access), check('workers', async () => checkWorkers((await open.workers?.()) ?? []))];
  const sources = storesOfKind(platform, 'zookeeper-queue').map((store) =>
    check(`source ${store.name}`, async () =>
      checkSource(store, await readExpectedSet(open, manifest.id, store.from.store)),
    ),
  );
  await Promise.allSettled([...first, hostsWork, ...second, ...third, ...sources]);
  const hosts = await hostsWork;
  const bootstraps: Preflight['bootstraps'] = {};
  const formation = Object.entries(hosts.nodes).map(([store, nodes]) => {
    const bootstrap = bootstrapNeeded(nodes);
    if (bootstrap) bootstraps[store] = bootstrap;
    return checkBootstrap(store, nodes);
  });
  const checks = [
    ...(await Promise.all(first)),
    hosts.before,
    ...(await Promise.all(second)),
    hosts.disk,
    ...(await Promise.all(third)),
    hosts.ofStores,
    formation,
    ...(await Promise.all(sources)),
  ].flat();
  return { checks: checks.filter((one) => one !== undefined), versions: hosts.versions, bootstraps };
}

/** Each worker reads its own copy; the plan is made from this host's. Undefined: all are the same. */
function checkPlatformFiles(hosts: readonly string[]): Check | undefined {
  if (hosts.length === 0) return undefined;
  return failed(
    'platform file',
    `The worker of ${hosts.join(', ')} reads another platform file than this host's`,
    'Give the workers of all hosts the same file (REKINDLE_PLATFORMS)',
  );
}
