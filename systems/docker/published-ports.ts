import type Docker from 'dockerode';
import { listedName, projectLabel, serviceLabel } from './containers.ts';

export interface PublishedPort {
  /** `project/service`; of a container that Compose did not make, its name. */
  of: string;
  port: number;
}

/** Ports of running containers at which the host answers on more than its loopback addresses, by whose they are. */
export async function publishedPorts(docker: Docker): Promise<PublishedPort[]> {
  const containers = await docker.listContainers();
  const found = containers.flatMap((container) => {
    const { [projectLabel]: project, [serviceLabel]: service } = container.Labels;
    const of = project && service ? `${project}/${service}` : listedName(container);
    const open = container.Ports.filter(({ PublicPort, IP }) => PublicPort && !isLoopback(IP));
    // Once for IPv4, once for IPv6.
    return [...new Set(open.map(({ PublicPort }) => PublicPort))].map((port) => ({ of, port }));
  });
  return found.toSorted((a, b) => a.of.localeCompare(b.of) || a.port - b.port);
}

const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');
