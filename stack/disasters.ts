import type { DemoPlatform } from './platform.ts';
import { containersOf, engine } from './engine.ts';
import { removeContainers, removeNetwork, removeVolumes } from './removal.ts';
import { allVolumes, dataServices } from './shapes.ts';
import type { DemoService } from './wait.ts';

// What can happen to a platform. None of them touches the S3 server or the platform's folder.

/** All containers and volumes go, as after `docker system prune --volumes` by the wrong hand; the network stays. */
export async function loseContainersAndVolumes(platform: DemoPlatform): Promise<void> {
  await removeContainers(platform.project);
  await removeVolumes(platform.project, allVolumes(platform.volumes));
}

/** Containers, volumes and the network go: a new machine. */
export async function loseEverything(platform: DemoPlatform): Promise<void> {
  await loseContainersAndVolumes(platform);
  await removeNetwork(platform.network);
}

/** The data volumes go, and with them the containers that used them; the core services stay, and run on in vain. */
export async function loseDataVolumes(platform: DemoPlatform): Promise<void> {
  await removeContainers(platform.project, dataServices(platform.shape));
  const volumes = allVolumes(platform.volumes);
  await Promise.all(volumes.map((name) => engine().getVolume(name).remove()));
}

/** SIGKILL to a service's containers. The engine takes it for a person's wish: no restart policy brings them back. */
export async function killService(platform: DemoPlatform, service: DemoService): Promise<void> {
  const running = (await containersOf(platform.project, service)).filter(({ State }) => State === 'running');
  await Promise.all(running.map(({ Id }) => engine().getContainer(Id).kill()));
}

/** Stops a service's containers as `docker stop` does, or starts them again. */
export async function stopService(platform: DemoPlatform, service: DemoService): Promise<void> {
  const running = (await containersOf(platform.project, service)).filter(({ State }) => State === 'running');
  await Promise.all(running.map(({ Id }) => engine().getContainer(Id).stop({ t: 10 })));
}

export async function startService(platform: DemoPlatform, service: DemoService): Promise<void> {
  const stopped = (await containersOf(platform.project, service)).filter(({ State }) => State !== 'running');
  await Promise.all(stopped.map(({ Id }) => engine().getContainer(Id).start()));
}
