import type { ContainerInfo, ContainerInspectInfo, NetworkInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import type { ObservedContainer, ObservedDeployment, ObservedVolume, OtherContainer } from '../../domain/deployment.ts';
import type { ComposeDeployment, HostName, NetworkName, VolumeName } from '../../domain/platform.ts';
import {
  finishedAmong,
  inspectNamed,
  isNamed,
  isOneShot,
  isRunning,
  listAll,
  listedName,
  mountsOf,
  nameOf,
  networksOf,
  ownLabel,
  projectLabel,
  projectsOf,
  restartPolicyOf,
  serviceLabel,
  serviceOf,
  volumesOf,
} from './containers.ts';
import { isUserDefined } from './networks.ts';
import { ownContainer } from './own-container.ts';
import { findVolume, hasOptions } from './volumes.ts';

/** What is on the engine of the platform now. A platform that is completely gone is an empty answer, not a failure. */
export async function observe(
  docker: Docker,
  deployment: ComposeDeployment,
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
    containers: containers.map((container) => observeContainer(container, deployment, networks, all)),
    volumes: volumes.filter((volume) => volume !== undefined),
    networks: networksOfPlatform(deployment, containers, networks).map(({ Name, Id }) => ({ name: Name, id: Id })),
    otherContainers: otherContainersOn(dataNetworks(deployment, containers), deployment, all, own?.Id),
    otherNames: all.filter(({ Labels }) => !isNamed(Labels, deployment)).map(listedName),
  };
}

/** Volumes that the platform's containers mount, and those that carry the project's label. */
export async function namesOfVolumes(
  docker: Docker,
  deployment: ComposeDeployment,
  containers: ContainerInspectInfo[],
): Promise<VolumeName[]> {
  const labelled = await Promise.all(
    // Several labels of one query would all have to be there.
    projectsOf(deployment).map((project) => docker.listVolumes({ filters: { label: [`${projectLabel}=${project}`] } })),
  );
  // The engine hands out null when there is none.
  const found = labelled.flatMap(({ Volumes }) => (Volumes as typeof Volumes | null) ?? []);
  return [...new Set([...containers.flatMap(volumesOf), ...found.map(({ Name }) => Name)])].sort();
}

/** User-defined networks of the platform's containers, and those that carry the project's label. */
export function networksOfPlatform(
  deployment: ComposeDeployment,
  containers: ContainerInspectInfo[],
  networks: NetworkInspectInfo[],
): NetworkInspectInfo[] {
  const projects = projectsOf(deployment);
  const used = new Set(containers.flatMap(networksOf));
  return networks
    .filter(
      ({ Name, Labels }) => isUserDefined(Name) && (used.has(Name) || projects.includes(Labels?.[projectLabel] ?? '')),
    )
    .sort((a, b) => a.Name.localeCompare(b.Name));
}

function observeContainer(
  container: ContainerInspectInfo,
  deployment: ComposeDeployment,
  networks: NetworkInspectInfo[],
  all: ContainerInfo[],
): ObservedContainer {
  const ids = new Set(networks.map(({ Id }) => Id));
  const hosts = spacesOf(container).map((host) => all.find((one) => one.Id === host || listedName(one) === host));
  return {
    name: nameOf(container),
    service: serviceOf(container, deployment),
    running: isRunning(container),
    restartPolicy: restartPolicyOf(container),
    ...(isOneShot(container) ? { oneShot: true } : {}),
    image: container.Config.Image,
    volumes: volumesOf(container),
    mounts: mountsOf(container),
    networks: networksOf(container),
    networkGone:
      hosts.includes(undefined) ||
      Object.entries(container.NetworkSettings.Networks).some(
        ([name, { NetworkID }]) => isUserDefined(name) && NetworkID !== '' && !ids.has(NetworkID),
      ),
    sharesWith: [...new Set(hosts.flatMap((host) => (host === undefined ? [] : listedName(host))))],
  };
}

/** The ids of the containers whose spaces it shares. */
function spacesOf({ HostConfig }: ContainerInspectInfo): string[] {
  return [HostConfig.NetworkMode, HostConfig.IpcMode, HostConfig.PidMode].flatMap(
    (mode) => /^container:(.+)$/.exec(mode ?? '')?.[1] ?? [],
  );
}

/** Engines before 24 give for a volume's creation the last change of its folder: a date that changes. */
export function tellsCreation(engineVersion: string): boolean {
  return Number(engineVersion.split('.')[0]) >= 24;
}

/** The containers, running or not, that mount the volume. */
export function usersOfVolume(all: readonly ContainerInfo[], name: VolumeName): ContainerInfo[] {
  return all.filter(({ Mounts }) => Mounts.some((mount) => mount.Type === 'volume' && mount.Name === name));
}

async function observeVolume(
  docker: Docker,
  name: VolumeName,
  all: ContainerInfo[],
  dated: boolean,
): Promise<ObservedVolume | undefined> {
  const usedBy = usersOfVolume(all, name).map(listedName).sort();
  return observeVolumeOf(docker, name, { usedBy, finished: await finishedAmong(docker, usedBy), dated });
}

/** `dated`: the engine tells when it was created. Undefined: it is not there. */
export async function observeVolumeOf(
  docker: Docker,
  name: VolumeName,
  { usedBy, finished, dated }: Pick<ObservedVolume, 'usedBy' | 'finished'> & { dated: boolean },
): Promise<ObservedVolume | undefined> {
  const volume = await findVolume(docker, name);
  if (volume === undefined) return undefined;
  return {
    name,
    createdAt: volume.CreatedAt === undefined || !dated ? '' : new Date(volume.CreatedAt).toISOString(),
    driver: volume.Driver,
    hasOptions: hasOptions(volume),
    usedBy,
    finished,
  };
}

function dataNetworks(deployment: ComposeDeployment, containers: ContainerInspectInfo[]): Set<NetworkName> {
  const data = containers.filter((container) => deployment.data.includes(serviceOf(container, deployment)));
  return new Set(data.flatMap(networksOf).filter((name) => name !== 'host' && name !== 'none'));
}

/** Of all containers of the engine: who runs, is not named, and is on one of the networks, itself or through another one. */
export function otherContainersOn(
  networks: Set<NetworkName>,
  deployment: ComposeDeployment,
  all: ContainerInfo[],
  ownId: string | undefined,
): OtherContainer[] {
  const joined = ({ NetworkSettings }: ContainerInfo) =>
    Object.keys(NetworkSettings.Networks).filter((network) => networks.has(network));
  const hosts = new Map(
    all.filter((one) => joined(one).length > 0).map((one) => [one.Id, `container:${listedName(one)}`]),
  );
  return all
    .filter(
      ({ Id, State, Labels }) =>
        State === 'running' && Id !== ownId && Labels[ownLabel] === undefined && !isNamed(Labels, deployment),
    )
    .flatMap((container) => {
      const shared = hosts.get(/^container:(.+)$/.exec(container.HostConfig.NetworkMode)?.[1] ?? '');
      return [...joined(container), ...(shared === undefined ? [] : [shared])].map((network) => ({
        container: listedName(container),
        network,
        answersTo: answersTo(container),
      }));
    });
}

function answersTo(container: ContainerInfo): string[] {
  const addresses = Object.values(container.NetworkSettings.Networks).flatMap((endpoint) => {
    const { Aliases } = endpoint as { Aliases?: string[] | null };
    return [endpoint.IPAddress, ...(Aliases ?? [])];
  });
  const names = [listedName(container), container.Labels[serviceLabel] ?? '', ...addresses];
  return [...new Set(names.filter((name) => name !== ''))].toSorted();
}
