import type { NetworkName, ServiceName, SwarmDeployment } from './platform.ts';

/*
 * A Swarm service is stopped, started and created as a whole: Swarm itself makes and removes the containers of its tasks.
 * So wherever a plan names a container, a platform on Swarm names the service: `service:db_es`. No container has a colon in
 * its name, so the two are never confused.
 */

const mark = 'service:';

/** The name that a plan gives to a Swarm service. */
export function unitOf(service: string): string {
  return `${mark}${service}`;
}

/** The Swarm service that a plan means; undefined: the name is that of a container. */
export function serviceOfUnit(name: string): string | undefined {
  return name.startsWith(mark) ? name.slice(mark.length) : undefined;
}

/** The Swarm service's own name: `es` of the stack `db` is `db_es`, as is `db/es` from another stack's point of view. */
export function swarmNameOf({ stack }: Pick<SwarmDeployment, 'stack'>, service: ServiceName): string {
  const [own, other] = service.split('/');
  if (other !== undefined) return `${own}_${other}`;
  return stack === undefined ? service : `${stack}_${service}`;
}

/** Every service that the platform file names, by the name that Swarm has for it. */
export function namedServices(
  deployment: Pick<SwarmDeployment, 'stack' | 'data' | 'core' | 'alsoStop'>,
): Map<string, ServiceName> {
  const { data, core, alsoStop } = deployment;
  return new Map([...data, ...core, ...alsoStop].map((service) => [swarmNameOf(deployment, service), service]));
}

/** What belongs to the whole swarm and is there, by name. */
export interface ObservedSwarm {
  secrets: string[];
  configs: string[];
  nodes: SwarmNode[];
  /** The node of this engine, by its id. */
  thisNode: string;
  /** Overlay networks that only services may join: no side container, and no worker. */
  notAttachable: NetworkName[];
  /** Of services that hold data: the node that ran them last, by their unit's name; absent: none ever did. */
  lastNodes: Record<string, string>;
  /** Of those that run on several nodes at once: all of them. Absent: none does. */
  alsoOn?: Record<string, string[]>;
  /** Whether this process runs in a container, which must join a network to reach a service. */
  workerInContainer: boolean;
  /** Networks that the worker's container is on already. */
  workerNetworks: NetworkName[];
  /** Placement constraints by unit: `node.labels.worker-db==true`. */
  constraints: Record<string, string[]>;
}

export interface SwarmNode {
  id: string;
  hostname: string;
  role: string;
  labels: Record<string, string>;
  engineLabels: Record<string, string>;
  platform: { os: string; arch: string };
  /** It is ready and takes tasks: neither down, nor drained, nor paused. */
  usable: boolean;
}

/** What a service cannot be created without, by name. */
export interface ServiceNeeds {
  secrets: string[];
  configs: string[];
  constraints: string[];
}
