import type Docker from 'dockerode';
import type { ObservedDeployment } from '../../../domain/deployment.ts';
import type { HostName } from '../../../domain/platform.ts';
import type { NodeAsked } from '../../../domain/swarm-nodes.ts';
import { listAll } from '../containers.ts';
import { tellsCreation } from '../observe.ts';
import { containersOn, observeVolume } from './observe.ts';

/**
 * What a node's engine has of the platform when it is no manager: of the volumes that are asked for those that are there, and
 * its containers on the networks that are no service's.
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
    containers: [],
    volumes: volumes.filter((volume) => volume !== undefined),
    networks: [],
    otherContainers: containersOn(new Set(networks), all),
    otherNames: [],
  };
}
