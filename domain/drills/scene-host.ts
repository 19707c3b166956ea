import { hostOf, isSpread } from '../hosts.ts';
import { storesOfKind, type HostName, type Platform } from '../platform.ts';
import { dataInScene } from './scene.ts';

/**
 * Whether a drill brings together on one engine what is elsewhere, or no plain container, in the platform: services of a swarm, and
 * those of several hosts.
 */
export function isGathered(platform: Pick<Platform, 'deployment'>): boolean {
  return platform.deployment.kind === 'swarm' || isSpread(platform);
}

/**
 * On whose engine the scene is: as `drill.host` says, else where the first Elasticsearch keeps its data. The largest image is
 * there, and the disk that was bought for this data. `platform`: with its services on their nodes; `main`: its own host.
 * Undefined: a platform of plain containers on one host, whose engine it is in any case.
 */
export function hostOfScene(platform: Platform, main: HostName): HostName | undefined {
  if (!isGathered(platform)) return undefined;
  if (platform.drill?.host !== undefined) return platform.drill.host;
  const [service = dataInScene(platform)[0]] = storesOfKind(platform, 'elasticsearch').map((store) => store.service);
  return (service === undefined ? undefined : hostOf(platform, service)) ?? main;
}
