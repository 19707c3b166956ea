import { hostOf, isSpread } from '../../domain/hosts.ts';
import { servicesInStopOrder } from '../../domain/platform.ts';
import type { StrayHere } from '../../domain/strays.ts';
import type { Here } from './observe-here.ts';

/** Services of the platform that this host's engine has, though the platform file places them on another one. */
export async function findStrays({ docker, platform, host }: Here): Promise<StrayHere[]> {
  const { deployment } = platform;
  // Where a service of a swarm runs is Swarm's to say, not the platform file's.
  if (!isSpread(platform) || deployment.kind === 'swarm') return [];
  const elsewhere = servicesInStopOrder(platform).filter((service) => hostOf(platform, service) !== host);
  const found = await Promise.all(
    elsewhere.map(async (service) => ({ service, containers: await docker.serviceContainers(deployment, service) })),
  );
  return found.filter(({ containers }) => containers.length > 0);
}
