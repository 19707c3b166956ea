import type { ObservedDeployment } from '../../domain/deployment.ts';
import { deploymentOn, hostsOf, isOtherNode, isSpread } from '../../domain/hosts.ts';
import type { Deployment, HostName, Platform } from '../../domain/platform.ts';
import type { DockerEngine } from '../../systems/docker/engine.ts';

/** Where an operation works: the parts of an opened platform that say so. */
export interface Here {
  docker: DockerEngine;
  platform: Platform;
  host: HostName;
  /** Why nobody knows on which nodes of a swarm its data services lie; absent: it is known. */
  unplaced?: Error;
}

/** The platform's part of this host's engine, as it is now. */
export function observeHere(here: Here, signal?: AbortSignal): Promise<ObservedDeployment> {
  const { docker, host } = here;
  return isNode(here)
    ? docker.observeNode({ volumes: [], networks: [] }, host)
    : docker.observe(seenFrom(here), host, signal);
}

/** What this host's engine is asked for: on Swarm a manager knows all services, wherever they run. */
export function seenFrom({ platform: { deployment }, host }: Pick<Here, 'platform' | 'host'>): Deployment {
  return deployment.kind === 'swarm' ? deployment : deploymentOn(deployment, host);
}

/** Whether this is another node of a swarm than the manager's: it knows no services. */
export function isNode({ platform, host }: Pick<Here, 'platform' | 'host'>): boolean {
  return isOtherNode(platform, host);
}

/** The hosts that carry services of the platform, next to this one. Failure: what kept the swarm from saying it. */
export function otherHosts({ platform, host, unplaced }: Pick<Here, 'platform' | 'host' | 'unplaced'>): HostName[] {
  if (unplaced !== undefined) throw unplaced;
  return isSpread(platform) ? hostsOf(platform, host).filter((other) => other !== host) : [];
}
