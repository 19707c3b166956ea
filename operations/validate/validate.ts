import { passed, type Check } from '../../domain/checks.ts';
import { storesOfKind } from '../../domain/platform.ts';
import { runCheck } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { checkNetworks } from '../preflight/networks.ts';
import { observeData } from '../preflight/observe-data.ts';
import { checkSecrets } from '../preflight/secrets.ts';
import { checkOtherContainers } from '../preflight/services.ts';
import { checkVolumes } from '../preflight/volumes.ts';
import { storageHosts } from '../repository/storage-hosts.ts';
import { findStorePaths } from '../stores/store-paths.ts';
import { checkNames } from './names.ts';
import { checkSwarmNames } from './swarm-names.ts';
import { validateElasticsearch, validateQueue } from './stores.ts';

/** Nothing is captured yet: what the platform file names must be on the engine. */
const nothingCaptured = { containers: [], networks: [], volumes: [] };

/**
 * A platform file against what runs, before the first backup: names, volumes, networks, stores, repository, catalogue,
 * secrets. Nothing is changed. Failure: DockerUnreachable.
 */
export async function validate(open: OpenPlatform): Promise<Check[]> {
  const { platform, catalogue } = open;
  const names = await checkDeploymentNames(open);
  const isThere = names.some(({ name, verdict }) => ['project', 'swarm'].includes(name) && verdict === 'pass');
  const [deployment, ...others] = await Promise.all([
    isThere ? validateDeployment(open) : [],
    ...(isThere ? storesOfKind(platform, 'elasticsearch').map((store) => validateElasticsearch(open, store)) : []),
    ...(isThere ? storesOfKind(platform, 'zookeeper-queue').map((store) => validateQueue(open, store)) : []),
    runCheck('catalogue', async () => {
      const { points } = await catalogue.listPoints();
      return passed('catalogue', `${catalogue.description} can be read: ${points.length} recovery points`);
    }),
    runCheck('secrets', () => checkSecrets(open)),
  ]);
  return [...names, ...deployment, ...others.flat().filter((check) => check !== undefined)];
}

async function validateDeployment(open: OpenPlatform): Promise<Check[]> {
  const { docker, platform, host } = open;
  const observed = await docker.observe(platform.deployment, host);
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
  if (deployment.kind === 'compose') return checkNames({ ...platform, deployment }, await docker.listProjects());
  return checkSwarmNames(platform, deployment, await docker.listServiceNames());
}
