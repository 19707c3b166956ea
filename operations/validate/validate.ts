import { failed, passed, type Check } from '../../domain/checks.ts';
import { platformOn } from '../../domain/hosts.ts';
import { streamedStores } from '../../domain/store-kinds.ts';
import { isDeployed, servicesInStopOrder, storesOfKind, type HostName } from '../../domain/platform.ts';
import { observeHere, otherHosts } from '../hosts/observe-here.ts';
import { observe, runCheck } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { checkNetworks } from '../preflight/networks.ts';
import { observeData } from '../preflight/observe-data.ts';
import { checkSecrets } from '../preflight/secrets.ts';
import { checkOtherContainers } from '../preflight/services.ts';
import { checkVolumes } from '../preflight/volumes.ts';
import { basedOn, currentBases } from '../repository/bases.ts';
import { storageHosts } from '../repository/storage-hosts.ts';
import { findStorePaths } from '../stores/store-paths.ts';
import { checkNames } from './names.ts';
import { checkSwarmNames } from './swarm-names.ts';
import { validateElasticsearch, validateQueue } from './stores.ts';
import { validateStreamed } from './streamed.ts';

/** Nothing is captured yet: what the platform file names must be on the engine. */
const nothingCaptured = { containers: [], networks: [], volumes: [] };

/**
 * A platform file against what runs, before the first backup: names, volumes, networks, stores, repository, catalogue,
 * secrets. Nothing is changed. Failure: DockerUnreachable.
 */
export async function validate(given: OpenPlatform): Promise<Check[]> {
  // Where backups go now; a catalogue that cannot be read is a finding of its own.
  const bases = await observe(() => currentBases(given));
  const whole = 'seen' in bases ? basedOn(given, bases.seen) : given;
  const elsewhere = otherHosts(whole);
  const open = { ...whole, platform: platformOn(whole.platform, whole.host) };
  const { platform, catalogue } = open;
  const names = await checkDeploymentNames(open);
  const isThere =
    !isDeployed(platform) ||
    names.some(({ name, verdict }) => ['project', 'swarm'].includes(name) && verdict === 'pass');
  const [deployment, ...others] = await Promise.all([
    isThere && isDeployed(platform) ? validateDeployment(open) : [],
    ...(isThere ? storesOfKind(platform, 'elasticsearch').map((store) => validateElasticsearch(open, store)) : []),
    ...(isThere ? streamedStores(platform).map((store) => validateStreamed(open, store)) : []),
    ...(isThere ? storesOfKind(platform, 'zookeeper-queue').map((store) => validateQueue(open, store)) : []),
    runCheck('catalogue', async () => {
      const { points } = await catalogue.listPoints();
      return passed('catalogue', `${catalogue.description} can be read: ${points.length} recovery points`);
    }),
    runCheck('secrets', () => checkSecrets(open)),
  ]);
  const hosts = elsewhere.length === 0 ? [] : [checkPlace(open, elsewhere)];
  return [...hosts, ...names, ...deployment, ...others.flat().filter((check) => check !== undefined)];
}

/** Each host is validated on its own: before the first backup there need be no worker. */
function checkPlace({ host, platform }: OpenPlatform, elsewhere: HostName[]): Check {
  const here = servicesInStopOrder(platform);
  if (here.length === 0)
    return failed(
      'hosts',
      `The platform file places no service on "${host}"`,
      `Set REKINDLE_HOST to the name that the platform file has for this host, or validate on ${elsewhere.join(', ')}`,
    );
  return passed('hosts', `${here.length} services lie on ${host}; validate those of ${elsewhere.join(', ')} there`);
}

async function validateDeployment(open: OpenPlatform): Promise<Check[]> {
  const { platform } = open;
  const observed = await observeHere(open);
  const { volumes } = platform.restore;
  const storePaths = await findStorePaths(open, observed);
  const situation = { platform, observed, capture: nothingCaptured, storePaths, volumes };
  return [
    checkVolumes({ ...situation, observed: await observeData(open, situation) }),
    checkNetworks({ observed, capture: nothingCaptured }),
    checkOtherContainers({ platform, observed }, await storageHosts(open)),
  ];
}

async function checkDeploymentNames({ platform, docker }: OpenPlatform): Promise<Check[]> {
  const { deployment } = platform;
  if (deployment.kind === 'none') return [];
  if (deployment.kind === 'compose') return checkNames({ ...platform, deployment }, await docker.listProjects());
  return checkSwarmNames(platform, deployment, await docker.listServiceNames());
}
