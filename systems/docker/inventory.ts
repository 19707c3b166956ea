import type Docker from 'dockerode';
import type { ContainerStart, EngineInventory } from '../../domain/engine-inventory.ts';
import type { HostName } from '../../domain/platform.ts';
import { listAll, listedName, ownLabel, projectLabel, serviceLabel } from './containers.ts';
import { ifThere } from './failures.ts';
import { tellsCreation } from './observe.ts';
import { serviceNameLabel } from './swarm/tasks.ts';

/** Every engine has these; `bridge` has another id each time it starts. */
const predefinedNetworks: ReadonlySet<string> = new Set(['bridge', 'host', 'none']);

/**
 * All that is on the engine, by name, whoever it belongs to; not what Swarm puts there and takes away by itself: containers of
 * tasks with their anonymous volumes, and its networks, which an engine has while a task needs them. Nor the engine's own networks.
 * `starts`: each container is asked when it was started last, which a list does not say, and tasks that run are listed apart.
 */
export async function readInventory(
  docker: Docker,
  host: HostName,
  { starts = false }: { starts?: boolean } = {},
): Promise<EngineInventory> {
  const [containers, { Volumes }, networks, version] = await Promise.all([
    listAll(docker),
    docker.listVolumes(),
    docker.listNetworks(),
    docker.version(),
  ]);
  const dated = tellsCreation(version.Version);
  // The engine hands out null when there is none.
  const all = (Volumes as typeof Volumes | null) ?? [];
  const isTask = ({ Labels }: (typeof containers)[number]) => Labels[serviceNameLabel] !== undefined;
  const ofTasks = new Set(containers.filter(isTask).flatMap(({ Mounts }) => Mounts.map(({ Name }) => Name)));
  const volumes = all.filter(({ Name }) => !(ofTasks.has(Name) && /^[0-9a-f]{64}$/.test(Name)));
  const listed = containers
    .filter((container) => !isTask(container))
    .map((container) => ({
      name: listedName(container),
      id: container.Id,
      running: ['running', 'restarting', 'paused'].includes(container.State),
      ...(container.Labels[ownLabel] !== undefined && { own: true as const }),
    }));
  const tasks = containers
    .filter((container) => isTask(container) && container.State === 'running')
    .map(({ Labels, Id }) => ({ service: Labels[serviceNameLabel] ?? '', id: Id }));
  return {
    host,
    containers: starts ? await Promise.all(listed.map((one) => withStart(docker, one))) : listed,
    ...(starts && tasks.length > 0 && { tasks }),
    volumes: volumes.map(({ Name, ...volume }) => ({ name: Name, createdAt: createdAt(volume, dated) })),
    networks: networks
      .filter(({ Name, Scope }) => Scope !== 'swarm' && !predefinedNetworks.has(Name))
      .map(({ Name, Id }) => ({ name: Name, id: Id })),
  };
}

/** One that goes away meanwhile is as it was listed. */
async function withStart<T extends { id: string }>(docker: Docker, listed: T): Promise<T & { start?: ContainerStart }> {
  const container = await ifThere(docker.getContainer(listed.id).inspect());
  if (container === undefined) return listed;
  const { [projectLabel]: project, [serviceLabel]: service } = container.Config.Labels;
  return {
    ...listed,
    start: {
      at: container.State.StartedAt,
      restarts: container.RestartCount,
      ...(project !== undefined && service !== undefined && { service: `${project}/${service}` }),
    },
  };
}

/** Where an engine gives the last change of the volume's folder as its creation, the labels alone tell one volume from another. */
function createdAt(volume: object, dated: boolean): string {
  const { CreatedAt = '', Labels } = volume as { CreatedAt?: string; Labels?: Record<string, string> | null };
  return `${dated ? CreatedAt : ''} ${JSON.stringify(Labels ?? {})}`.trim();
}
