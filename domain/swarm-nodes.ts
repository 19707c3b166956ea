import type { CapturedContainer, DeploymentCapture, ObservedContainer, ObservedDeployment } from './deployment.ts';
import { mergeObserved } from './deployment-hosts.ts';
import { elsewhere, hostOf } from './hosts.ts';
import type { HostName, NetworkName, Platform, VolumeName } from './platform.ts';

// A manager knows the services of a swarm and a node's engine knows its volumes: what one asks of the other, and what becomes of it.

/** A service as far as the work on a node must know it; names only. */
export type NodeUnit = Pick<ObservedContainer, 'name' | 'service' | 'running' | 'volumes' | 'mounts' | 'image'>;

/** What a node is asked about, since its engine knows no services. */
export interface NodeAsked {
  /** Services that lie there. */
  units: NodeUnit[];
  volumes: VolumeName[];
  /** Of these services: whoever else is on them is asked for. */
  networks: NetworkName[];
}

type Known = Pick<
  ObservedContainer | CapturedContainer,
  'name' | 'service' | 'running' | 'volumes' | 'mounts' | 'networks' | 'image'
>;

/** Of the services that lie on the node; `there`: as the manager has them, and as the capture has those that are gone. */
export function nodeAsked(platform: Platform, node: HostName, there: readonly Known[]): NodeAsked {
  const here = there.filter(({ service }) => hostOf(platform, service) === node);
  return {
    units: here.map(({ name, service, running, volumes, mounts, image }) => ({
      name,
      service,
      running,
      volumes,
      mounts,
      image: typeof image === 'string' ? image : image.digest,
    })),
    volumes: [...new Set(here.flatMap(({ volumes }) => volumes))].toSorted(),
    networks: [...new Set(here.flatMap(({ networks }) => networks))].toSorted(),
  };
}

/** What the manager sees, with what the nodes see of their volumes. Services lie where their data does. */
export function mergeNodes(
  platform: Platform,
  manager: ObservedDeployment,
  nodes: readonly ObservedDeployment[],
): ObservedDeployment {
  if (nodes.length === 0) return manager;
  const containers = manager.containers.map((one) => ({ ...one, ...elsewhere(platform, one.service) }));
  // Names of services are the swarm's, so they are taken on every node.
  const others = nodes.map((node) => ({ ...node, containers: [], otherNames: manager.otherNames }));
  return mergeObserved({ ...manager, containers }, others);
}

/** The same of captures: each volume with its node, the specs from the manager. */
export function mergeNodeCaptures(
  platform: Platform,
  manager: DeploymentCapture,
  nodes: readonly DeploymentCapture[],
): DeploymentCapture {
  if (nodes.length === 0) return manager;
  const hostOfService = ({ service }: CapturedContainer) => hostOf(platform, service) ?? manager.host;
  const containers = manager.containers.map((one) => ({ ...one, host: hostOfService(one) }));
  // What lies there under a name that only services of other nodes mount is somebody's leftover.
  const isOthers = (name: VolumeName) => {
    const users = containers.filter(({ volumes }) => volumes.includes(name));
    return users.length > 0 && users.every(({ host }) => host !== manager.host);
  };
  const leftOut = nodes.flatMap((node) => (node.leftOut ?? []).map((path) => `${path} (on ${node.host})`));
  const all = [...(manager.leftOut ?? []), ...leftOut];
  return {
    ...manager,
    containers,
    volumes: [...manager.volumes.filter(({ name }) => !isOthers(name)), ...nodes.flatMap(({ volumes }) => volumes)],
    files: [
      ...manager.files.map((file) => ({ ...file, host: manager.host })),
      ...nodes.flatMap(({ files, host }) => files.map((file) => ({ ...file, host }))),
    ],
    ...(all.length > 0 && { leftOut: all }),
  };
}
