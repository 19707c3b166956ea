import type { ObservedDeployment } from '../../domain/deployment.ts';
import { deploymentOn, hostsOf, isSpread } from '../../domain/hosts.ts';
import type { HostName, Platform } from '../../domain/platform.ts';
import type { DockerEngine } from '../../systems/docker/engine.ts';

/** Where an operation works: the parts of an opened platform that say so. */
export interface Here {
  docker: DockerEngine;
  platform: Platform;
  host: HostName;
}

/** The platform's part of this host's engine, as it is now. */
export function observeHere({ docker, platform, host }: Here, signal?: AbortSignal): Promise<ObservedDeployment> {
  return docker.observe(deploymentOn(platform.deployment, host), host, signal);
}

/** The hosts that carry services of the platform, next to this one. */
export function otherHosts({ platform, host }: Pick<Here, 'platform' | 'host'>): HostName[] {
  return isSpread(platform) ? hostsOf(platform, host).filter((other) => other !== host) : [];
}
