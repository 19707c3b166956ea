import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoPlatform } from './platform.ts';
import { connectDocker } from '../systems/docker/engine.ts';
import { containersOf } from './engine.ts';
import { removeContainers, removeNetwork, removeVolumes } from './removal.ts';
import { findS3Server } from './s3-server.ts';

/** The smallest of the stack's images that holds a shell. */
const helperImage = 'rekindle-stack/s3:1.8.0';

/**
 * Removes the platform: containers, volumes, network, its own S3 server and the files that `bringUp` wrote.
 * Safe to call again, and after any disaster. What others put into the folder stays.
 */
export async function tearDown(platform: DemoPlatform): Promise<void> {
  const { project, folder, network, volumes, platformFile } = platform;
  await removeContainers(project);
  await removeVolumes(project, [...volumes.elasticsearch, ...volumes.zookeeper]);
  await removeNetwork(network);
  await releaseQuarantine(project, [...volumes.elasticsearch, ...volumes.zookeeper]);
  if (platform.ownsS3) await platform.s3.remove();
  for (const file of ['compose.yaml', '.env', 'demo.json']) await rm(join(folder, file), { force: true });
  await rm(join(folder, 'secrets'), { recursive: true, force: true });
  await rm(platformFile, { force: true });
  for (const empty of [join(folder, 'platforms'), folder]) await rmdir(empty).catch(() => undefined);
}

/** What restores of this platform set aside: its volumes' names are its own, so nobody else's data is meant. */
async function releaseQuarantine(platform: string, volumes: string[]): Promise<void> {
  const docker = connectDocker();
  for (const kept of await docker.listQuarantine({ platform, image: helperImage })) {
    const ours = kept.volumes.map(({ name }) => name).filter((name) => volumes.includes(name));
    if (ours.length > 0) await docker.releaseQuarantine({ run: kept.run, volumes: ours, image: helperImage });
  }
}

/** What an earlier demo of this project left when it was killed; nothing, when it could clean up. */
export async function removeLeftovers(project: string): Promise<void> {
  const volumes = [`${project}_esdata`, `${project}_zkdata`, `${project}_zkdatalog`];
  await removeContainers(project);
  await removeVolumes(project, volumes);
  await removeNetwork(`${project}_backend`);
  const s3 = await findS3Server(`${project}-s3`);
  await s3?.remove();
  await releaseQuarantine(project, volumes);
}

/** The folder from which a platform of this project was brought up, when containers of it are there. */
export async function folderOf(project: string): Promise<string | undefined> {
  const [container] = await containersOf(project);
  return container?.Labels['com.docker.compose.project.working_dir'];
}
