import type Docker from 'dockerode';
import { Failure } from '../../../domain/failures.ts';
import { serviceOfUnit } from '../../../domain/swarm.ts';
import { ifThere, statusOf, wordsOf } from '../failures.ts';

/** The parts of a service's spec that Rekindle reads; all others pass through as they are. */
export interface ServiceSpec {
  Name: string;
  Labels?: Record<string, string> | null;
  TaskTemplate: TaskTemplate & Record<string, unknown>;
  Mode: { Replicated?: { Replicas?: number }; Global?: object; ReplicatedJob?: object; GlobalJob?: object };
  /** Where services had their networks before the task's template had them. */
  Networks?: NetworkTarget[] | null;
  [key: string]: unknown;
}

export interface TaskTemplate {
  ContainerSpec?: ContainerSpec & Record<string, unknown>;
  Placement?: { Constraints?: string[] | null; [key: string]: unknown };
  Networks?: NetworkTarget[] | null;
}

export interface ContainerSpec {
  Image: string;
  Mounts?: ServiceMount[] | null;
  Secrets?: SecretReference[] | null;
  Configs?: ConfigReference[] | null;
  /** Nanoseconds. */
  StopGracePeriod?: number;
}

export interface NetworkTarget {
  /** An id in the swarm; a name in a capture. */
  Target: string;
  [key: string]: unknown;
}

export interface ServiceMount {
  Type: string;
  Source?: string;
  Target: string;
  ReadOnly?: boolean;
  [key: string]: unknown;
}

export interface SecretReference {
  SecretID?: string;
  SecretName: string;
  [key: string]: unknown;
}

export interface ConfigReference {
  ConfigID?: string;
  ConfigName: string;
  [key: string]: unknown;
}

export interface SwarmService {
  ID: string;
  Version: { Index: number };
  Spec: ServiceSpec;
}

/** On whatever a stack made. */
export const stackLabel = 'com.docker.stack.namespace';

/** All services of the swarm. Failure: `ServiceNotFound` when the engine is not a manager. */
export async function listServices(docker: Docker): Promise<SwarmService[]> {
  return asManager(async () => (await docker.listServices()) as unknown as SwarmService[]);
}

/** Undefined: the swarm has no such service. `name`: its own, or that of its unit. */
export async function findService(docker: Docker, name: string): Promise<SwarmService | undefined> {
  const service = serviceOfUnit(name) ?? name;
  return asManager(() => ifThere(docker.getService(service).inspect() as Promise<SwarmService>));
}

/** The same on a node that is no manager, and so knows no services: then undefined. */
export async function findServiceIfKnown(docker: Docker, name: string): Promise<SwarmService | undefined> {
  const found = await lookUpService(docker, name);
  return found === 'nobody here knows' ? undefined : found;
}

/** The same, told apart. */
export async function lookUpService(
  docker: Docker,
  name: string,
): Promise<SwarmService | undefined | 'nobody here knows'> {
  try {
    return await ifThere(docker.getService(serviceOfUnit(name) ?? name).inspect() as Promise<SwarmService>);
  } catch (error) {
    if (isNoManager(error)) return 'nobody here knows';
    throw error;
  }
}

const isNoManager = (error: unknown) => statusOf(error) !== undefined && /not a swarm manager/i.test(wordsOf(error));

/**
 * Writes what `change` makes of the service's spec; one that somebody else wrote meanwhile is read again, a few times.
 * Undefined from `change`: nothing to write. Returns the spec as it is now; undefined: there is no such service.
 * Failure: `ContainerFailed` when the swarm refuses the spec.
 */
export async function updateService(
  docker: Docker,
  name: string,
  change: (spec: ServiceSpec) => ServiceSpec | undefined,
  attempts = 5,
): Promise<ServiceSpec | undefined> {
  const found = await findService(docker, name);
  if (found === undefined) return undefined;
  const wanted = change(structuredClone(found.Spec));
  if (wanted === undefined) return found.Spec;
  try {
    await asManager(() => docker.getService(found.ID).update({ ...wanted, version: found.Version.Index }));
    return wanted;
  } catch (error) {
    if (/out of sequence/i.test(wordsOf(error)) && attempts > 1)
      return updateService(docker, name, change, attempts - 1);
    throw refused(found.Spec.Name, 'change', error);
  }
}

/** What the engine answers when it is not a manager, said so that somebody can act on it. */
export async function asManager<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isNoManager(error)) throw error;
    throw new Failure(
      'ServiceNotFound',
      {
        message: `The Docker engine is not a manager of a swarm, so it knows no services: ${wordsOf(error)}`,
        remedy:
          'Run the worker on a manager node, or name a manager in DOCKER_HOST ("docker node ls" on a manager lists them); a swarm that is lost is made again with "docker swarm init"',
      },
      { cause: error },
    );
  }
}

/** The engine's refusal as a failure; what is none, or is one already, as it is. */
export function refused(service: string, verb: 'create' | 'change' | 'remove', error: unknown): unknown {
  if (error instanceof Failure || statusOf(error) === undefined) return error;
  // A swarm that elects its leader refuses for a moment.
  if ((statusOf(error) ?? 0) >= 500 && /leader|deadline|context/i.test(wordsOf(error))) return error;
  return new Failure(
    'ContainerFailed',
    {
      message: `The swarm refused to ${verb} the service ${service}: ${wordsOf(error)}`,
      remedy: `Fix what it names (network, secret, config, port), look at the service with "docker service inspect ${service}", then retry`,
    },
    { cause: error },
  );
}

export function serviceNotFound(service: string): Failure {
  return new Failure('ServiceNotFound', {
    message: `The swarm has no service ${service}`,
    remedy: 'Restore it from a recovery point, or deploy its stack (docker stack deploy), then retry',
  });
}
