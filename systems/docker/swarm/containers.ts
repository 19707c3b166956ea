import type Docker from 'dockerode';
import type { HostName, ServiceName, SwarmDeployment } from '../../../domain/platform.ts';
import { Failure } from '../../../domain/failures.ts';
import { serviceOfUnit, swarmNameOf, unitOf } from '../../../domain/swarm.ts';
import { listedName } from '../containers.ts';
import { ifThere } from '../failures.ts';
import { StandingStill } from '../standing-still.ts';
import { lookUpService, serviceNotFound } from './service.ts';
import { isStopped } from './stopped-mark.ts';
import { hasEnded, isRunningTask, taskContainers, tasksOf, whyNot } from './tasks.ts';

const living = new Set(['running', 'restarting', 'paused', 'created']);

/**
 * The containers of a service's tasks on this engine, without those of ended tasks. A service that has none, and is there as
 * far as this engine knows, answers with its unit, of which `containerOf` then says why.
 */
export async function containersOfService(
  docker: Docker,
  deployment: SwarmDeployment,
  service: ServiceName,
): Promise<{ name: string; running: boolean }[]> {
  const name = swarmNameOf(deployment, service);
  const containers = (await taskContainers(docker, name)).filter(({ State }) => living.has(State));
  if (containers.length > 0)
    return containers
      .map((container) => ({ name: listedName(container), running: container.State === 'running' }))
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  return (await lookUpService(docker, name)) === undefined ? [] : [{ name: unitOf(name), running: false }];
}

/** The node that runs the service when this engine's does not, by its host name; undefined: this one does, or none. */
export async function nodeElsewhere(docker: Docker, name: string): Promise<HostName | undefined> {
  const service = serviceOfUnit(name) ?? name;
  const here = (await taskContainers(docker, service)).some(({ State }) => State === 'running');
  const away = here ? undefined : (await tasksOf(docker, service)).find(isRunningTask);
  if (away?.NodeID === undefined) return undefined;
  const node = await ifThere(docker.getNode(away.NodeID).inspect() as Promise<{ Description: { Hostname: string } }>);
  return node?.Description.Hostname;
}

/**
 * The container that a name stands for: itself, or, of a service's unit, that of its newest task on this engine.
 * Failures: `ServiceUnhealthy` (as `StandingStill`) with the reason why there is none; `ServiceNotFound`.
 */
export async function containerOf(docker: Docker, name: string): Promise<string> {
  const service = serviceOfUnit(name);
  if (service === undefined) return name;
  const [newest] = (await taskContainers(docker, service)).filter(({ State }) => living.has(State));
  if (newest !== undefined) return listedName(newest);
  throw await noContainer(docker, service);
}

/** The same, also of a task that has ended; undefined: none is on this engine. */
export async function anyContainerOf(docker: Docker, name: string): Promise<string | undefined> {
  const service = serviceOfUnit(name);
  if (service === undefined) return name;
  const containers = await taskContainers(docker, service);
  const best = containers.find(({ State }) => State === 'running') ?? containers[0];
  return best && listedName(best);
}

async function noContainer(docker: Docker, service: string): Promise<Failure> {
  const found = await lookUpService(docker, service);
  if (found === undefined) return serviceNotFound(service);
  if (found === 'nobody here knows')
    return new StandingStill(
      {
        message: `No task of the Swarm service ${service} runs on this node`,
        remedy: `Find the cause on a manager with "docker service ps --no-trunc ${service}", and remove it`,
      },
      undefined,
    );
  if (isStopped(found.Spec))
    return new StandingStill(
      {
        message: `The Swarm service ${service} is stopped: Swarm runs no task of it`,
        remedy: `Start it: docker service scale ${service}=NUMBER`,
      },
      undefined,
    );
  const tasks = await tasksOf(docker, service);
  const away = tasks.find(isRunningTask);
  if (away !== undefined)
    return new Failure('ServiceUnhealthy', {
      message: `The Swarm service ${service} runs on the node ${away.NodeID ?? ''}, whose engine is not this worker's`,
      remedy: `Run a worker on that node ("docker node inspect --pretty ${away.NodeID ?? ''}" names it), or give the store an address in the platform file`,
    });
  const why = whyNot([...tasks.filter((task) => !hasEnded(task)), ...tasks]);
  return new StandingStill(
    {
      message: `The Swarm service ${service} has no running task${why === '' ? '' : `: ${why}`}`,
      remedy: `Find the cause with "docker service ps --no-trunc ${service}", and remove it`,
    },
    undefined,
  );
}
