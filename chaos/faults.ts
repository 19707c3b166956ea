import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { withElasticsearch } from '../stack/clients.ts';
import type { DemoPlatform } from '../stack/demo-platform.ts';
import { containersOf, engine } from '../stack/engine.ts';
import type { DemoService } from '../stack/wait.ts';
import type { FaultName, PlannedFault } from './cases.ts';
import { runProgram } from './processes.ts';
import type { World } from './world.ts';

export interface Scene {
  world: World;
  platform: DemoPlatform;
}

/** Undoes a fault, as an operator would; safe to repeat, and throws when it could not be done yet. */
export type Repair = () => Promise<void>;

/** Strikes; answers how it is repaired. Throws `NotThere` when there is nothing to strike yet. */
export type Strike = (scene: Scene, fault: PlannedFault) => Promise<Repair>;

/** What the fault is aimed at does not run now: Rekindle has stopped it, say. */
export class NotThere extends Error {}

export const strikes: Record<FaultName, Strike> = {
  worker: async ({ world: { worker } }) => {
    await worker.kill();
    return async () => {
      if (!worker.isUp()) await worker.start();
    };
  },

  temporal: async ({ world: { temporal } }) => {
    await temporal.kill();
    return async () => {
      if (!temporal.isUp()) await temporal.start();
    };
  },

  engine: async (scene) => {
    const running = (await engine().listContainers()).map(({ Id }) => Id);
    await scene.world.engine.kill();
    return async () => {
      if (!scene.world.engine.isUp()) await scene.world.engine.start();
      await startAgain(running);
    };
  },

  elasticsearch: ({ platform }, { service = 'elasticsearch' }) => killContainers(platform, service as DemoService),
  zookeeper: ({ platform }) => killContainers(platform, 'zookeeper'),
  'core service': ({ platform }, { service }) => killContainers(platform, service as DemoService),

  s3: async ({ platform: { s3 } }) => {
    const container = engine().getContainer(s3.container);
    if (!(await container.inspect()).State.Running) throw new NotThere(s3.container);
    await container.kill();
    return () => startAgain([s3.container]);
  },

  'disk full': async (scene) => {
    const running = (await engine().listContainers()).map(({ Id }) => Id);
    const ballast = join(scene.world.places.engineRoot, 'ballast');
    await fill(ballast, scene.world.places.engineRoot);
    return async () => {
      await rm(ballast, { force: true });
      // The engine gives up on a container that ended meanwhile: it cannot write down that it starts it again.
      await startAgain(running);
      await retryShards(scene.platform);
    };
  },

  'network cut': async ({ world: { places }, platform: { s3 } }) => {
    // Containers reach the S3 server through the host's own address; the host itself, by its loopback, still does.
    const rule = ['INPUT', '-p', 'tcp', '--dport', new URL(s3.endpoint).port, '!', '-i', 'lo', '-j', 'DROP'];
    const iptables = (action: string) =>
      runProgram({ command: ['iptables', '-w', action, ...rule], log: join(places.logs, 'iptables.log') });
    await iptables('-I');
    let cut = true;
    return async () => {
      if (cut) await iptables('-D');
      cut = false;
    };
  },
};

/** SIGKILL to a service's containers. They stay dead: the engine takes it for a person's wish. */
async function killContainers(platform: DemoPlatform, service: DemoService): Promise<Repair> {
  const running = (await containersOf(platform.project, service)).filter(({ State }) => State === 'running');
  if (running.length === 0) throw new NotThere(service);
  await Promise.all(running.map(({ Id }) => tolerating(409, engine().getContainer(Id).kill())));
  return () => startAgain(running.map(({ Id }) => Id));
}

/** Starts what is still there and stopped. One whose restart policy is `no` is stopped by Rekindle's wish: it stays so. */
async function startAgain(ids: string[]): Promise<void> {
  for (const id of ids) {
    const container = engine().getContainer(id);
    const found = await inspect(container);
    if (!found || found.State.Running || found.State.Restarting) continue;
    if ((found.HostConfig.RestartPolicy?.Name ?? 'no') === 'no') continue;
    await tolerating(404, container.start());
  }
}

async function inspect(container: Docker.Container): Promise<Docker.ContainerInspectInfo | undefined> {
  try {
    return await container.inspect();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

async function tolerating(statusCode: number, work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if ((error as { statusCode?: number }).statusCode !== statusCode) throw error;
  });
}

/** Takes all that is free, down to the last block. */
async function fill(file: string, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  // What the file system needs to note so many blocks; the rest is written until there is no more.
  const most = Math.max(0, bavail * bsize - 4 * 1024 * 1024);
  await once(spawn('fallocate', ['--length', String(most), file], { stdio: 'ignore' }), 'exit');
  const rest = ['if=/dev/zero', `of=${file}`, 'bs=4096', 'oflag=append', 'conv=notrunc', 'count=4096'];
  await once(spawn('dd', rest, { stdio: 'ignore' }), 'exit');
}

/** Elasticsearch gives up on a shard after some failures; its manual says to ask it to try again. */
async function retryShards(platform: DemoPlatform): Promise<void> {
  try {
    await withElasticsearch(platform, (client) =>
      client.cluster.reroute({ retry_failed: true }, { requestTimeout: 5000 }),
    );
  } catch {
    // It does not run: then it starts with its shards, all of them.
  }
}
