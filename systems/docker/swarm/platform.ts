import type { NetworkInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import type { NetworkName, SwarmDeployment, VolumeName } from '../../../domain/platform.ts';
import type { RestartPolicy } from '../../../domain/plans/step-arguments.ts';
import { namedServices } from '../../../domain/swarm.ts';
import { isUserDefined } from '../networks.ts';
import { volumesOfSpec } from './container-body.ts';
import { networkTargets } from './portable-spec.ts';
import { stackLabel, type ServiceSpec, type SwarmService } from './service.ts';
import { isStopped } from './stopped-mark.ts';

// What of a swarm is the platform's.

/** The services that the platform file names, sorted by name. */
export function servicesOfPlatform(deployment: SwarmDeployment, all: readonly SwarmService[]): SwarmService[] {
  const named = namedServices(deployment);
  return all
    .filter(({ Spec }) => named.has(Spec.Name))
    .toSorted((a, b) => a.Spec.Name.localeCompare(b.Spec.Name, 'en', { numeric: true }));
}

/** The stacks that the platform's services belong to, as their labels say. */
export function stacksOf(deployment: SwarmDeployment, services: readonly SwarmService[]): string[] {
  const labelled = services.flatMap(({ Spec }) => Spec.Labels?.[stackLabel] ?? []);
  return [...new Set([...(deployment.stack === undefined ? [] : [deployment.stack]), ...labelled])].toSorted();
}

/** Volumes that the services mount, and those that carry a label of their stacks; whether there or not. */
export async function volumeNamesOf(
  docker: Docker,
  deployment: SwarmDeployment,
  services: readonly SwarmService[],
): Promise<VolumeName[]> {
  const labelled = await Promise.all(
    stacksOf(deployment, services).map((stack) =>
      docker.listVolumes({ filters: { label: [`${stackLabel}=${stack}`] } }),
    ),
  );
  // The engine hands out null when there is none.
  const found = labelled.flatMap(({ Volumes }) => (Volumes as typeof Volumes | null) ?? []);
  const mounted = services.flatMap(({ Spec }) => volumesOfSpec(Spec));
  return [...new Set([...mounted, ...found.map(({ Name }) => Name)])].toSorted();
}

/** The networks that the services are on, sorted by name; not the swarm's own. */
export function networksOfServices(
  services: readonly SwarmService[],
  networks: readonly NetworkInspectInfo[],
): NetworkInspectInfo[] {
  const used = new Set(services.flatMap(({ Spec }) => networkTargets(Spec).map(({ Target }) => Target)));
  return networks
    .filter(({ Id, Name, Ingress }) => (used.has(Id) || used.has(Name)) && !Ingress && isUserDefined(Name))
    .toSorted((a, b) => a.Name.localeCompare(b.Name));
}

export function networkNames(spec: ServiceSpec, networks: readonly NetworkInspectInfo[]): NetworkName[] {
  const targets = networkTargets(spec).map(({ Target }) => Target);
  const names = targets.map((target) => networks.find(({ Id }) => Id === target)?.Name ?? target);
  return [...new Set(names)].toSorted();
}

/** Whether Swarm starts tasks of it by itself: the word that plans have for it. */
export function policyOf(spec: ServiceSpec): RestartPolicy {
  return { name: isStopped(spec) ? 'no' : 'always', maximumRetryCount: 0 };
}
