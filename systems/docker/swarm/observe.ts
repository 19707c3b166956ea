import type { ContainerInfo, NetworkInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import type {
  ObservedContainer,
  ObservedDeployment,
  ObservedVolume,
  OtherContainer,
} from '../../../domain/deployment.ts';
import type { HostName, NetworkName, SwarmDeployment, VolumeName } from '../../../domain/platform.ts';
import { namedServices, unitOf } from '../../../domain/swarm.ts';
import { finishedAmong, listAll, listedName, ownLabel } from '../containers.ts';
import { observeVolumeOf, usersOfVolume, tellsCreation } from '../observe.ts';
import { mountsOfSpec, volumesOfSpec } from './container-body.ts';
import { networkNames, networksOfServices, policyOf, servicesOfPlatform, volumeNamesOf } from './platform.ts';
import { listServices, type SwarmService } from './service.ts';
import { isStopped, modeOf, replicasOf } from './stopped-mark.ts';
import { observeSwarm } from './swarm.ts';
import { serviceNameLabel, unitNameOf } from './tasks.ts';

/** What is in the swarm of the platform now; its volumes and containers are those of this engine. */
export async function observeServices(
  docker: Docker,
  deployment: SwarmDeployment,
  host: HostName,
  signal?: AbortSignal,
): Promise<ObservedDeployment> {
  const [version, everything, all, networks] = await Promise.all([
    docker.version(),
    listServices(docker),
    listAll(docker),
    docker.listNetworks(),
  ]);
  signal?.throwIfAborted();
  const services = servicesOfPlatform(deployment, everything);
  const volumeNames = await volumeNamesOf(docker, deployment, services);
  const volumes = await Promise.all(
    volumeNames.map((name) => observeVolume(docker, name, all, tellsCreation(version.Version))),
  );
  signal?.throwIfAborted();
  const named = namedServices(deployment);
  const data = services.filter(({ Spec }) => deployment.data.includes(named.get(Spec.Name) ?? ''));
  const dataNetworks = new Set(data.flatMap(({ Spec }) => networkNames(Spec, networks)));
  const swarm = await observeSwarm(docker, services, data, networks);
  const others = othersOn(dataNetworks, { everything, named, networks, all });
  return {
    host,
    engineVersion: version.Version,
    containers: services.map((service) => observeService(service, named.get(service.Spec.Name) ?? '', networks)),
    volumes: volumes.filter((volume) => volume !== undefined),
    networks: networksOfServices(services, networks).map(({ Name, Id }) => ({ name: Name, id: Id })),
    otherContainers: others.filter(({ container }) => container !== swarm.own),
    otherNames: everything.filter(({ Spec }) => !named.has(Spec.Name)).map(({ Spec }) => unitOf(Spec.Name)),
    swarm: swarm.observed,
  };
}

function observeService(
  { Spec }: SwarmService,
  service: string,
  networks: readonly NetworkInspectInfo[],
): ObservedContainer {
  const replicas = replicasOf(Spec);
  return {
    name: unitOf(Spec.Name),
    service,
    running: !isStopped(Spec),
    restartPolicy: policyOf(Spec),
    ...(replicas !== undefined && { replicas }),
    image: Spec.TaskTemplate.ContainerSpec?.Image ?? '',
    volumes: volumesOfSpec(Spec),
    mounts: mountsOfSpec(Spec),
    networks: networkNames(Spec, networks),
    // Swarm removes no network that a service is on.
    networkGone: false,
    sharesWith: [],
  };
}

export async function observeVolume(
  docker: Docker,
  name: VolumeName,
  all: ContainerInfo[],
  dated: boolean,
): Promise<ObservedVolume | undefined> {
  const users = usersOfVolume(all, name);
  const done = new Set(await finishedAmong(docker, users.map(listedName)));
  // A service of which Swarm keeps the containers of ended tasks is done when all of them are.
  const usedBy = [...new Set(users.map(unitNameOf))].toSorted();
  const finished = usedBy.filter((unit) =>
    users.filter((user) => unitNameOf(user) === unit).every((user) => done.has(listedName(user)) || isEnded(user)),
  );
  return observeVolumeOf(docker, name, { usedBy, finished, dated });
}

/** Swarm never starts a task's container again. */
const isEnded = ({ Labels, State }: ContainerInfo) =>
  Labels[serviceNameLabel] !== undefined && ['exited', 'dead'].includes(State);

/** Services, and containers of this engine without one, that are on the networks and not named. */
function othersOn(
  dataNetworks: ReadonlySet<NetworkName>,
  {
    everything,
    named,
    networks,
    all,
  }: {
    everything: readonly SwarmService[];
    named: ReadonlyMap<string, string>;
    networks: readonly NetworkInspectInfo[];
    all: readonly ContainerInfo[];
  },
): OtherContainer[] {
  const services = everything
    .filter(({ Spec }) => !named.has(Spec.Name) && !isStopped(Spec) && modeOf(Spec) !== 'job')
    .flatMap(({ Spec }) =>
      networkNames(Spec, networks)
        .filter((network) => dataNetworks.has(network))
        .map((network) => ({ container: unitOf(Spec.Name), network, answersTo: namesInside(Spec, networks, network) })),
    );
  return [...services, ...containersOn(dataNetworks, all)];
}

/** Containers of this engine on the networks that are no service's. */
export function containersOn(networks: ReadonlySet<NetworkName>, all: readonly ContainerInfo[]): OtherContainer[] {
  return all
    .filter(
      ({ State, Labels }) =>
        State === 'running' && Labels[ownLabel] === undefined && Labels[serviceNameLabel] === undefined,
    )
    .flatMap((container) =>
      Object.entries(container.NetworkSettings.Networks)
        .filter(([network]) => networks.has(network))
        .map(([network, { IPAddress }]) => ({
          container: listedName(container),
          network,
          answersTo: [listedName(container), IPAddress].filter((name) => name !== ''),
        })),
    );
}

/** How services on the network find it. */
function namesInside(
  { Name, TaskTemplate, Networks }: SwarmService['Spec'],
  networks: readonly NetworkInspectInfo[],
  network: NetworkName,
): string[] {
  const id = networks.find((one) => one.Name === network)?.Id;
  const targets = [...(TaskTemplate.Networks ?? []), ...(Networks ?? [])].filter(({ Target }) => Target === id);
  const aliases = targets.flatMap((target) => (target['Aliases'] as string[] | null | undefined) ?? []);
  return [...new Set([Name, `tasks.${Name}`, ...aliases])].toSorted();
}
