import type { NetworkInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import { platformLabel, runLabel } from '../../../domain/drills/scene.ts';
import type { PlatformName } from '../../../domain/platform.ts';
import { listedName } from '../containers.ts';
import { ifThere, unless } from '../failures.ts';

/** A drill of which something is on the engine. */
export interface DrillSeen {
  run: string;
  /** Of the oldest thing. ISO 8601, UTC; absent: the engine does not say. */
  since?: string;
}

/**
 * Removes every container, volume and network with the run's label, whatever they do, and nothing else. What is gone already is fine.
 * Returns the names of what was removed.
 */
export async function removeDrill(docker: Docker, run: string): Promise<string[]> {
  const filters = { label: [`${runLabel}=${run}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(({ Id }) => unless([404, 409], docker.getContainer(Id).remove({ force: true, v: true }))),
  );
  const volumes = await volumesOf(docker, filters);
  for (const { Name } of volumes) await unless([404], docker.getVolume(Name).remove());
  const networks = await docker.listNetworks({ filters });
  for (const { Id } of networks) await removeNetwork(docker, Id);
  return [...containers.map(listedName), ...[...volumes, ...networks].map(({ Name }) => Name)];
}

/** The drills of a platform of which anything is on the engine, by their labels. */
export async function listDrills(docker: Docker, platform: PlatformName): Promise<DrillSeen[]> {
  const filters = { label: [`${platformLabel}=${platform}`] };
  const [containers, volumes, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    volumesOf(docker, filters),
    docker.listNetworks({ filters }),
  ]);
  const found = [
    ...containers.map(({ Labels, Created }) => ({ Labels, at: new Date(Created * 1000).toISOString() })),
    ...volumes.map(({ Labels, CreatedAt }) => ({ Labels, at: CreatedAt })),
    ...networks.map(({ Labels, Created }) => ({ Labels, at: Created })),
  ];
  const since = new Map<string, string | undefined>();
  for (const { Labels, at } of found) {
    const run = Labels?.[runLabel];
    if (run === undefined) continue;
    const before = since.get(run);
    const time = at === undefined ? undefined : new Date(at).toISOString();
    since.set(run, before === undefined || (time !== undefined && time < before) ? time : before);
  }
  return [...since].map(([run, at]) => ({ run, ...(at !== undefined && { since: at }) }));
}

type Filters = Record<string, string[]>;

async function volumesOf(docker: Docker, filters: Filters) {
  const { Volumes } = await docker.listVolumes({ filters: JSON.stringify(filters) as never });
  // The engine hands out null when there is none.
  const volumes = (Volumes as typeof Volumes | null) ?? [];
  return volumes as ((typeof volumes)[number] & { CreatedAt?: string })[];
}

async function removeNetwork(docker: Docker, id: string): Promise<void> {
  const network = docker.getNetwork(id);
  const found = await ifThere<NetworkInspectInfo>(network.inspect());
  // The worker's own container, if it runs in one, was attached to reach what is in the scene.
  for (const Container of Object.keys(found?.Containers ?? {}))
    await unless([403, 404], network.disconnect({ Container, Force: true }));
  await unless([404], network.remove());
}
