import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoPlatform } from './platform.ts';
import { connectDocker } from '../systems/docker/engine.ts';
import { quarantinedFrom } from '../systems/docker/quarantine/quarantine.ts';
import { containersOf, engine, FOLDER_LABEL } from './engine.ts';
import { allVolumes, dataFolder, volumesOf } from './shapes.ts';
import { removeContainers, removeNetwork, removeVolumes } from './removal.ts';
import { findS3Server, s3Name } from './s3-server.ts';

/** The smallest of the stack's images that holds a shell. */
const helperImage = 'rekindle-stack/s3:1.8.0';

/**
 * Removes the platform: containers, volumes, network, its own S3 server and the files that `bringUp` wrote.
 * Safe to call again, and after any disaster. What others put into the folder stays.
 */
export async function tearDown(platform: DemoPlatform): Promise<void> {
  const { project, folder, network, platformFile } = platform;
  const volumes = allVolumes(platform.volumes);
  await removeScenes(project);
  await removeContainers(project);
  await removeVolumes(project, volumes);
  await removeNetwork(network);
  await releaseQuarantine(project, volumes);
  if (platform.ownsS3) await platform.s3.remove();
  for (const file of ['compose.yaml', '.env', 'demo.json']) await rm(join(folder, file), { force: true });
  for (const made of ['secrets', dataFolder]) await rm(join(folder, made), { recursive: true, force: true });
  await rm(platformFile, { force: true });
  for (const empty of [join(folder, 'platforms'), folder]) await rmdir(empty).catch(() => undefined);
}

/** Copies of this platform that a drill or a restore beside it had made when it was ended from outside. */
async function removeScenes(platform: string): Promise<void> {
  const docker = connectDocker();
  for (const { run } of await docker.listDrills(platform)) await docker.removeDrill(run);
}

/** What restores of this platform set aside: its volumes' names are its own, so nobody else's data is meant. */
async function releaseQuarantine(platform: string, volumes: string[]): Promise<void> {
  const docker = connectDocker();
  for (const kept of await docker.listQuarantine({ platform, image: helperImage })) {
    const ours = kept.volumes.map(({ name }) => quarantinedFrom(name)).filter((name) => volumes.includes(name));
    // By its folder: whose it was may be recorded nowhere, and the folder of a long id does not tell.
    const { run, folder } = kept;
    if (ours.length > 0) await docker.releaseQuarantine({ run, folder, volumes: ours, image: helperImage });
  }
}

/** What an earlier demo of this project left when it was killed; nothing, when it could clean up. */
export async function removeLeftovers(project: string): Promise<void> {
  const volumes = allVolumes(volumesOf(project, 'stores'));
  await removeScenes(project);
  await removeContainers(project);
  await removeVolumes(project, volumes);
  await removeNetwork(`${project}_backend`);
  await releaseQuarantine(project, volumes);
  const s3 = await findS3Server(s3Name(project));
  await s3?.remove();
}

/** The folder from which a platform of this project was brought up; undefined: there is none on this engine. */
export async function folderOf(project: string): Promise<string | undefined> {
  const label = [`rekindle.stack=${project}`, FOLDER_LABEL];
  // The S3 server is there also while the platform is not: that is what disasters are for.
  const [s3] = await engine().listContainers({ all: true, filters: { label } });
  const [container] = await containersOf(project);
  return s3?.Labels[FOLDER_LABEL] ?? container?.Labels['com.docker.compose.project.working_dir'];
}
