import type { ContainerInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import type { CapturedContainer, DeploymentCapture } from '../../../domain/deployment.ts';
import type { ComposeDeployment, HostName } from '../../../domain/platform.ts';
import { readMountedFiles, readOwnFiles } from './captured-files.ts';
import {
  inspectNamed,
  isOneShot,
  isRunning,
  listAll,
  listedName,
  mountsOf,
  nameOf,
  networksOf,
  restartPolicyOf,
  serviceOf,
  volumesOf,
} from '../containers.ts';
import { createBody } from './create-body.ts';
import { identify } from '../images.ts';
import { networkBody } from '../networks.ts';
import { namesOfVolumes, networksOfPlatform } from '../observe.ts';
import { findVolume, volumeBody } from '../volumes.ts';

/** All that is needed to create the platform's services again. It holds environment values: keep it encrypted. */
export async function capture(
  docker: Docker,
  deployment: ComposeDeployment,
  host: HostName,
  signal?: AbortSignal,
): Promise<DeploymentCapture> {
  const [all, networks] = await Promise.all([listAll(docker), docker.listNetworks()]);
  const containers = await inspectNamed(docker, deployment, all);
  signal?.throwIfAborted();
  const names = new Map(all.map((container) => [container.Id, listedName(container)]));
  const volumeNames = await namesOfVolumes(docker, deployment, containers);
  const volumes = await Promise.all(volumeNames.map((name) => findVolume(docker, name)));
  signal?.throwIfAborted();
  const isData = (container: ContainerInspectInfo) => deployment.data.includes(serviceOf(container, deployment));
  const { files, leftOut } = await readMountedFiles(docker, containers, isData);
  return {
    version: 1,
    takenAt: new Date().toISOString(),
    host,
    project: deployment.project,
    containers: await Promise.all(
      containers.map((container) => captureContainer(docker, deployment, container, names)),
    ),
    networks: networksOfPlatform(deployment, containers, networks).map(networkBody),
    volumes: volumes.filter((volume) => volume !== undefined).map((volume) => volumeBody(volume, host)),
    files,
    ...(leftOut.length > 0 ? { leftOut } : {}),
  };
}

/** One container, as it is. `names`: of all containers, by id. */
export async function captureContainer(
  docker: Docker,
  deployment: Pick<ComposeDeployment, 'project'>,
  container: ContainerInspectInfo,
  names: Map<string, string>,
): Promise<CapturedContainer> {
  const ownFiles = await readOwnFiles(docker.getContainer(container.Id), container.Mounts);
  return {
    name: nameOf(container),
    service: serviceOf(container, deployment),
    running: isRunning(container),
    restartPolicy: restartPolicyOf(container),
    ...(isOneShot(container) ? { oneShot: true } : {}),
    image: await identify(docker, container.Config.Image, container.Image),
    volumes: volumesOf(container),
    mounts: mountsOf(container),
    networks: networksOf(container),
    create: createBody(container, names),
    ...(ownFiles.length > 0 ? { ownFiles } : {}),
  };
}
