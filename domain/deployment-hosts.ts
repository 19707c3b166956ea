import type { CaptureOutline, DeploymentCapture, EngineElsewhere, ObservedDeployment } from './deployment.ts';
import { deploymentOn, hostOf, isSpread } from './hosts.ts';
import type { HostName, Platform } from './platform.ts';

// A platform on several hosts: what its engines hold is put together, and taken apart again for the work on one of them.

/** What was observed on the platform's own host, with what was observed on the others: each of their things names its host. */
export function mergeObserved(main: ObservedDeployment, others: readonly ObservedDeployment[]): ObservedDeployment {
  if (others.length === 0) return main;
  const all = <T extends object>(pick: (observed: ObservedDeployment) => T[]): T[] => [
    ...pick(main),
    ...others.flatMap((other) => pick(other).map((one) => ({ ...one, host: other.host }))),
  ];
  return {
    ...main,
    containers: all(({ containers }) => containers),
    volumes: all(({ volumes }) => volumes),
    networks: all(({ networks }) => networks),
    otherContainers: all(({ otherContainers }) => otherContainers),
    elsewhere: others.map(({ host, engineVersion, otherNames }): EngineElsewhere => ({
      host,
      engineVersion,
      otherNames,
    })),
  };
}

/** What of it lies on one host. */
export function observedOn(observed: ObservedDeployment, host: HostName): ObservedDeployment {
  const { elsewhere = [], ...main } = observed;
  const here = <T extends { host?: HostName }>(list: T[]) => list.filter((one) => (one.host ?? main.host) === host);
  const engine = elsewhere.find((other) => other.host === host);
  return {
    host,
    engineVersion: (engine ?? main).engineVersion,
    containers: here(main.containers),
    volumes: here(main.volumes),
    networks: here(main.networks),
    otherContainers: here(main.otherContainers),
    otherNames: (engine ?? main).otherNames,
  };
}

/** The captures of several hosts as one. Everything in it names its host. */
export function mergeCaptures(main: DeploymentCapture, others: readonly DeploymentCapture[]): DeploymentCapture {
  if (others.length === 0) return main;
  const parts = [main, ...others];
  const all = <T extends object>(pick: (capture: DeploymentCapture) => T[]): (T & { host: HostName })[] =>
    parts.flatMap((part) => pick(part).map((one) => ({ ...one, host: part.host })));
  const leftOut = all(({ leftOut = [] }) => leftOut.map((path) => ({ path })));
  return {
    ...main,
    containers: all(({ containers }) => containers),
    networks: all(({ networks }) => networks),
    volumes: all(({ volumes }) => volumes),
    files: all(({ files }) => files),
    ...(leftOut.length > 0 && {
      leftOut: leftOut.map(({ path, host }) => (host === main.host ? path : `${path} (on ${host})`)),
    }),
  };
}

/** Of a merged capture: what belongs to the services that lie on the host now, wherever they lay when it was taken. */
export function captureFor(platform: Platform, capture: DeploymentCapture, host: HostName): DeploymentCapture {
  if (!isSpread(platform)) return capture;
  const containers = capture.containers.filter(({ service }) => hostOf(platform, service) === host);
  if (platform.deployment.kind === 'swarm')
    return {
      ...capture,
      volumes: capture.volumes.filter((volume) => liesOn(host, volume, containers, capture.containers)),
      // A manager creates services wherever they run, and can put files back on its own disk alone.
      files: capture.files.filter((file) => (file.host ?? capture.host) === host),
    };
  const lay = new Set(containers.map((container) => container.host));
  const belongs = (one: { host?: HostName }) => one.host === undefined || lay.has(one.host);
  return {
    ...capture,
    host,
    containers,
    networks: capture.networks.filter(belongs),
    volumes: capture.volumes.filter((volume) => liesOn(host, volume, containers, capture.containers)),
    files: capture.files.filter(belongs),
  };
}

/** The same of its outline. What no captured container uses stays with the platform's own host. */
export function outlineOn(platform: Platform, outline: CaptureOutline, host: HostName): CaptureOutline {
  if (!isSpread(platform)) return outline;
  const { host: main } = platform.deployment;
  const containers = outline.containers.filter(({ service }) => hostOf(platform, service) === host);
  const used = (network: string) => outline.containers.some(({ networks }) => networks.includes(network));
  return {
    ...outline,
    containers,
    networks: outline.networks.filter((network) =>
      // An overlay network is the swarm's, so its manager makes it.
      platform.deployment.kind === 'swarm'
        ? host === main
        : containers.some(({ networks }) => networks.includes(network)) || (host === main && !used(network)),
    ),
    volumes: outline.volumes
      .filter((volume) => liesOn(host, volume, containers, outline.containers))
      .map(({ name }) => ({ name, host })),
  };
}

type Container = CaptureOutline['containers'][number];

/** A captured volume goes where its users are now; one without any stays where it lay. */
function liesOn(
  host: HostName,
  volume: CaptureOutline['volumes'][number],
  here: readonly Container[],
  all: readonly Container[],
): boolean {
  const uses = (container: Container) =>
    (container.host ?? volume.host) === volume.host &&
    (container.volumes.includes(volume.name) || container.mounts.some(({ source }) => source === volume.name));
  return all.some(uses) ? here.some(uses) : volume.host === host;
}

/** A situation as one host has it: only the services, containers, volumes and networks that lie there. */
export function situationOn<S extends { platform: Platform; observed: ObservedDeployment; capture: CaptureOutline }>(
  situation: S,
  host: HostName,
): S {
  const { platform, observed, capture } = situation;
  if (!isSpread(platform)) return situation;
  return {
    ...situation,
    platform: { ...platform, deployment: deploymentOn(platform.deployment, host) },
    observed: observedOn(observed, host),
    capture: outlineOn(platform, capture, host),
  };
}
