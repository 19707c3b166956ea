import type { ContainerInfo } from 'dockerode';
import type Docker from 'dockerode';
import { Failure } from '../../domain/failures.ts';
import type { NetworkName } from '../../domain/platform.ts';
import type { Watch } from '../../domain/watch.ts';
import { listAll, listedName, ownLabel } from './containers.ts';
import { ownContainer } from './own-container.ts';
import { stopContainers } from './stop.ts';

export interface FenceTask {
  /** None of them may run. */
  containers: string[];
  /** These may run on the networks. */
  allowed: string[];
  networks: NetworkName[];
  graceSeconds: number;
  /** Of a swarm's node: only containers without a service are looked at. */
  node?: true;
}

export interface Fenced {
  /** Had been started by somebody else, and were stopped. */
  stopped: string[];
  /** Running, named nowhere, and able to reach the data services: over a network, or in the namespace of a container. */
  others: { container: string; over: string; remedy?: string }[];
}

/**
 * Stops those of the containers that run, and names everyone else who can reach the data services.
 * Failure: `ContainerFailed` when one runs again right after it was stopped.
 */
export async function fence(docker: Docker, task: FenceTask, watch: Watch = {}): Promise<Fenced> {
  const { containers, graceSeconds } = task;
  const own = await ownContainer(docker);
  const stopped = await runningOf(docker, containers);
  if (stopped.length > 0) {
    await stopContainers(
      docker,
      stopped.map((name) => ({ name })),
      graceSeconds,
      watch,
    );
    const again = await runningOf(docker, stopped);
    if (again.length > 0)
      throw new Failure('ContainerFailed', {
        message: `Container ${again.join(', ')} runs again right after it was stopped`,
        remedy: `Find what starts it (a supervisor, a cron job, a second Compose tool), switch that off, stop it with: docker stop ${again.join(' ')}; then retry`,
      });
  }
  return { stopped, others: clientsAmong(await listAll(docker), own?.Id, task) };
}

async function runningOf(docker: Docker, names: string[]): Promise<string[]> {
  const wanted = new Set(names);
  const all = await listAll(docker);
  return all
    .filter((container) => runs(container) && wanted.has(listedName(container)))
    .map(listedName)
    .toSorted();
}

/** A frozen container and one that waits for its next restart go on by themselves. */
const runs = ({ State }: ContainerInfo) => ['running', 'restarting', 'paused'].includes(State);

/** Of all containers of the engine: who runs, may not, and reaches the data services. `ownId`: this process's container. */
export function clientsAmong(
  all: ContainerInfo[],
  ownId: string | undefined,
  { containers, allowed, networks }: FenceTask,
): Fenced['others'] {
  const named = new Set([...containers, ...allowed]);
  const namespaces = new Map(
    all
      .filter((container) => named.has(listedName(container)))
      .flatMap((container) =>
        [container.Id, listedName(container)].map((one) => [one, listedName(container)] as const),
      ),
  );
  return all
    .filter(
      (container) =>
        runs(container) &&
        container.Id !== ownId &&
        container.Labels[ownLabel] === undefined &&
        !named.has(listedName(container)),
    )
    .flatMap((container) => {
      const host = namespaces.get(/^container:(.+)$/.exec(container.HostConfig.NetworkMode)?.[1] ?? '');
      const joined = Object.keys(container.NetworkSettings.Networks).filter((network) => networks.includes(network));
      const ways = [...joined, ...(host === undefined ? [] : [`the network namespace of ${host}`])];
      return ways.slice(0, 1).map((over) => ({ container: listedName(container), over }));
    });
}
