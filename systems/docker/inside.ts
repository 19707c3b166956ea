import type Docker from 'dockerode';
import { serviceOfUnit } from '../../domain/swarm.ts';
import { readConfiguration, variablesOf, type Configuration } from './configuration.ts';
import { ifThere } from './failures.ts';
import { anyContainerOf, containerOf } from './swarm/containers.ts';
import { containerBody } from './swarm/container-body.ts';
import { findServiceIfKnown } from './swarm/service.ts';

/** `work` on a container that may be named by the Swarm service whose task it is. */
export function insideContainer<A extends unknown[], R>(
  work: (docker: Docker, container: string, ...args: A) => Promise<R>,
): (docker: Docker, name: string, ...args: A) => Promise<R> {
  return async (docker, name, ...args) => work(docker, await containerOf(docker, name), ...args);
}

/** The same for what can be read of an ended container as well; undefined: the service has none on this engine. */
export function insideAny<A extends unknown[], R>(
  work: (docker: Docker, container: string, ...args: A) => Promise<R | undefined>,
): (docker: Docker, name: string, ...args: A) => Promise<R | undefined> {
  return async (docker, name, ...args) => {
    const container = await anyContainerOf(docker, name);
    return container === undefined ? undefined : work(docker, container, ...args);
  };
}

/** Of a container, or of a Swarm service: of one of its tasks, else as its spec and image have it. */
export async function configurationOf(docker: Docker, name: string): Promise<Configuration | undefined> {
  const service = serviceOfUnit(name);
  if (service === undefined) return readConfiguration(docker, name);
  const container = await anyContainerOf(docker, name);
  if (container !== undefined) return readConfiguration(docker, container);
  const found = await findServiceIfKnown(docker, service);
  if (found === undefined) return undefined;
  const { Env, Entrypoint, Cmd } = containerBody(found.Spec) as {
    Env?: string[];
    Entrypoint?: string[];
    Cmd?: string[];
  };
  const reference = found.Spec.TaskTemplate.ContainerSpec?.Image ?? '';
  const image = (await ifThere(docker.getImage(reference).inspect()))?.Config;
  return {
    environment: { ...variablesOf(image?.Env), ...variablesOf(Env) },
    words: [...(Entrypoint ?? [image?.Entrypoint ?? []].flat()), ...(Cmd ?? image?.Cmd ?? [])],
    file: () => Promise.resolve(undefined),
  };
}
