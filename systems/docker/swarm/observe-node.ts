import type { ContainerInfo } from 'dockerode';
import type Docker from 'dockerode';
import type { ObservedContainer, ObservedDeployment } from '../../../domain/deployment.ts';
import type { HostName } from '../../../domain/platform.ts';
import type { NodeAsked } from '../../../domain/swarm-nodes.ts';
import { unitOf } from '../../../domain/swarm.ts';
import { listAll } from '../containers.ts';
import { tellsCreation } from '../observe.ts';
import { containersOn, observeVolume } from './observe.ts';
import { serviceNameLabel } from './tasks.ts';

/**
 * What a node's engine has of the platform when it is no manager: of the volumes that are asked for those that are there, and
 * its containers on the networks that are no service's. Services are those with a task that runs here, each by its own name.
 */
export async function observeNode(
  docker: Docker,
  { volumes: names, networks }: Pick<NodeAsked, 'volumes' | 'networks'>,
  host: HostName,
): Promise<ObservedDeployment> {
  const [version, all] = await Promise.all([docker.version(), listAll(docker)]);
  const volumes = await Promise.all(
    names.map((name) => observeVolume(docker, name, all, tellsCreation(version.Version))),
  );
  return {
    host,
    engineVersion: version.Version,
    containers: unitsOf(all),
    volumes: volumes.filter((volume) => volume !== undefined),
    networks: [],
    otherContainers: containersOn(new Set(networks), all),
    otherNames: [],
  };
}

function unitsOf(all: readonly ContainerInfo[]): ObservedContainer[] {
  const units = new Map<string, ObservedContainer>();
  for (const { Labels, State, Image, Mounts, NetworkSettings } of all) {
    const service = Labels[serviceNameLabel];
    if (service === undefined || State !== 'running') continue;
    units.set(service, {
      name: unitOf(service),
      service,
      running: true,
      restartPolicy: { name: 'always', maximumRetryCount: 0 },
      image: Image,
      volumes: Mounts.flatMap(({ Type, Name }) => (Type === 'volume' && Name !== undefined ? [Name] : [])),
      mounts: [],
      networks: Object.keys(NetworkSettings.Networks).toSorted(),
      networkGone: false,
      sharesWith: [],
    });
  }
  return [...units.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
