import type { HostName, ServiceName } from './names.ts';
import type { Deployment, Platform } from './platform.ts';
import { servicesOfCheck } from './smoke-checks.ts';

// Where the services of a platform lie. A platform on one host names no host anywhere else than in its file.

/** Whether its services lie on more than one host: as its file says, or, on Swarm, as its nodes do (swarm-places.ts). */
export function isSpread({ deployment }: Pick<Platform, 'deployment'>): boolean {
  return hostsElsewhere({ deployment }).length > 0;
}

/** The host that carries the service; undefined: the platform's own, which its file does not name. */
export function hostOf({ deployment }: Pick<Platform, 'deployment'>, service: ServiceName): HostName | undefined {
  return deployment.hosts?.[service] ?? deployment.host;
}

/**
 * Every host that carries services of the platform: its own first (`main`, where the file does not name it), then the others
 * by name.
 */
export function hostsOf({ deployment }: Pick<Platform, 'deployment'>, main: HostName): HostName[] {
  return [deployment.host ?? main, ...hostsElsewhere({ deployment })];
}

/** The hosts next to the platform's own, by name. */
export function hostsElsewhere({ deployment }: Pick<Platform, 'deployment'>): HostName[] {
  const others = Object.values(deployment.hosts ?? {}).filter((host) => host !== deployment.host);
  return [...new Set(others)].toSorted();
}

/** As a step names it: absent for the platform's own host, so that nothing changes for platforms on one host. */
export function elsewhere(platform: Pick<Platform, 'deployment'>, service: ServiceName): { host?: HostName } {
  const host = hostOf(platform, service);
  return host === undefined || host === platform.deployment.host ? {} : { host };
}

/** Whether the host is another node of a swarm than its manager's, as whoever called it said: its engine knows no services. */
export function isOtherNode({ deployment }: Pick<Platform, 'deployment'>, host: HostName): boolean {
  return deployment.kind === 'swarm' && deployment.hosts !== undefined && host !== deployment.host;
}

/**
 * The same of the engine that starts, stops and creates the service: that of a swarm's manager, wherever its tasks run, else
 * the one that carries it.
 */
export function engineOf(platform: Pick<Platform, 'deployment'>, service: ServiceName): { host?: HostName } {
  return platform.deployment.kind === 'swarm' ? {} : elsewhere(platform, service);
}

/** The deployment with the services alone that lie on this host: what an engine is asked for. */
export function deploymentOn(deployment: Deployment, host: HostName): Deployment {
  if (!isSpread({ deployment })) return deployment;
  const here = (service: ServiceName) => hostOf({ deployment }, service) === host;
  return {
    ...deployment,
    data: deployment.data.filter(here),
    core: deployment.core.filter(here),
    alsoStop: deployment.alsoStop.filter(here),
  };
}

/** The hosts of these services, each once, as steps name them; the platform's own comes first. */
export function hostsOfServices(
  platform: Pick<Platform, 'deployment'>,
  services: readonly ServiceName[],
): { host?: HostName }[] {
  const hosts = new Set(services.map((service) => elsewhere(platform, service).host ?? ''));
  return [...hosts].toSorted().map((host) => (host === '' ? {} : { host }));
}

/** The same of the engines that start and stop them. */
export function enginesOfServices(
  platform: Pick<Platform, 'deployment'>,
  services: readonly ServiceName[],
): { host?: HostName }[] {
  return platform.deployment.kind === 'swarm' ? [{}] : hostsOfServices(platform, services);
}

/** The platform as far as it lies on this host: its services there, and the stores that are worked on there. */
export function platformOn(platform: Platform, host: HostName): Platform {
  if (!isSpread(platform)) return platform;
  const here = (service: ServiceName) => hostOf(platform, service) === host;
  return {
    ...platform,
    deployment: deploymentOn(platform.deployment, host),
    stores: platform.stores
      .filter(({ service }) => here(service))
      .map((store) =>
        'otherServices' in store ? { ...store, otherServices: store.otherServices.filter(here) } : store,
      ),
    smoke: platform.smoke.filter((check) => servicesOfCheck(check, platform.stores).slice(0, 1).every(here)),
  };
}
