import type { ContainerInfo, ContainerInspectInfo, NetworkInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import type { ObservedContainer, ObservedDeployment, ObservedVolume } from '../../domain/deployment.ts';
import type { Deployment, HostName, NetworkName, VolumeName } from '../../domain/platform.ts';
import {
  inspectNamed,
  isNamed,
  isRunning,
  listAll,
  listedName,
  mountsOf,
  nameOf,
  networksOf,
  ownLabel,
  projectLabel,
  restartPolicyOf,
  serviceOf,
  volumesOf,
} from './containers.ts';
import { isUserDefined } from './networks.ts';
import { ownContainer } from './own-container.ts';
import { findVolume, hasOptions } from './volumes.ts';

/** What is on the engine of the platform now. A platform that is completely gone is an empty answer, not a failure. */
export async function observe(
  docker: Docker,
  deployment: Deployment,
  host: HostName,
  signal?: AbortSignal,
): Promise<ObservedDeployment> {
  const [version, all, networks] = await Promise.all([docker.version(), listAll(docker), docker.listNetworks()]);
  signal?.throwIfAborted();
  const containers = await inspectNamed(docker, deployment, all);
  const volumeNames = await namesOfVolumes(docker, deployment, containers);
  signal?.throwIfAborted();
  const volumes = await Promise.all(
    volumeNames.map((name) => observeVolume(docker, name, all, tellsCreation(version.Version))),
  );
  const own = await ownContainer(docker);
  return {
    host,
    engineVersion: version.Version,
    containers: containers.map((container) => observeContainer(container, networks)),
    volumes: volumes.filter((volume) => volume !== undefined),
    networks: networksOfPlatform(deployment, containers, networks).map(({ Name, Id }) => ({ name: Name, id: Id })),
    otherContainers: otherContainersOn(dataNetworks(deployment, containers), deployment, all, own?.Id),
  };
}

/** Volumes that the platform's containers mount, and those that carry the project's label. */
export async function namesOfVolumes(
  docker: Docker,
  { project }: Deployment,
  containers: ContainerInspectInfo[],
): Promise<VolumeName[]> {
  const labelled = await docker.listVolumes({ filters: { label: [`${projectLabel}=${project}`] } });
  // The engine hands out null when there is none.
  const found = (labelled.Volumes as typeof labelled.Volumes | null) ?? [];
  return [...new Set([...containers.flatMap(volumesOf), ...found.map(({ Name }) => Name)])].sort();
}

/** User-defined networks of the platform's containers, and those that carry the project's label. */
export function networksOfPlatform(
  { project }: Deployment,
  containers: ContainerInspectInfo[],
  networks: NetworkInspectInfo[],
): NetworkInspectInfo[] {
  const used = new Set(containers.flatMap(networksOf));
  return networks
    .filter(({ Name, Labels }) => isUserDefined(Name) && (used.has(Name) || Labels?.[projectLabel] === project))
    .sort((a, b) => a.Name.localeCompare(b.Name));
}

function observeContainer(container: ContainerInspectInfo, networks: NetworkInspectInfo[]): ObservedContainer {
  const ids = new Set(networks.map(({ Id }) => Id));
  return {
    name: nameOf(container),
    service: serviceOf(container),
    running: isRunning(container),
    restartPolicy: restartPolicyOf(container),
    image: container.Config.Image,
    volumes: volumesOf(container),
    mounts: mountsOf(container),
    networks: networksOf(container),
    networkGone: Object.entries(container.NetworkSettings.Networks).some(
      ([name, { NetworkID }]) => isUserDefined(name) && NetworkID !== '' && !ids.has(NetworkID),
    ),
  };
}

/** Engines before 24 give for a volume's creation the last change of its folder: a date that changes. */
function tellsCreation(engineVersion: string): boolean {
  return Number(engineVersion.split('.')[0]) >= 24;
}

async function observeVolume(
  docker: Docker,
  name: VolumeName,
  all: ContainerInfo[],
  dated: boolean,
): Promise<ObservedVolume | undefined> {
  const volume = await findVolume(docker, name);
  if (volume === undefined) return undefined;
  const users = all.filter(({ Mounts }) => Mounts.some((mount) => mount.Type === 'volume' && mount.Name === name));
  return {
    name,
    createdAt: volume.CreatedAt === undefined || !dated ? '' : new Date(volume.CreatedAt).toISOString(),
    driver: volume.Driver,
    hasOptions: hasOptions(volume),
    usedBy: users.map(listedName).sort(),
  };
}

function dataNetworks(deployment: Deployment, containers: ContainerInspectInfo[]): Set<NetworkName> {
  const data = containers.filter((container) => deployment.data.includes(serviceOf(container)));
  return new Set(data.flatMap(networksOf).filter((name) => name !== 'host' && name !== 'none'));
}

function otherContainersOn(
  networks: Set<NetworkName>,
  deployment: Deployment,
  all: ContainerInfo[],
  ownId: string | undefined,
): ObservedDeployment['otherContainers'] {
  return all
    .filter(
      ({ Id, State, Labels }) =>
        State === 'running' && Id !== ownId && Labels[ownLabel] === undefined && !isNamed(Labels, deployment),
    )
    .flatMap((container) =>
      Object.keys(container.NetworkSettings.Networks)
        .filter((network) => networks.has(network))
        .map((network) => ({ container: listedName(container), network })),
    );
}
