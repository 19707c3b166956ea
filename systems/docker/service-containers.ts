import type Docker from 'dockerode';
import type { ComposeDeployment, ServiceName } from '../../domain/platform.ts';
import { isNamed, listAll, listedName, serviceNameOf } from './containers.ts';

/** The names of a service's containers, by name, and whether they run: one request, where `observe` takes dozens. */
export async function serviceContainers(
  docker: Docker,
  deployment: ComposeDeployment,
  service: ServiceName,
): Promise<{ name: string; running: boolean }[]> {
  return (await listAll(docker))
    .filter(({ Labels }) => isNamed(Labels, deployment) && serviceNameOf(Labels, deployment) === service)
    .map((container) => ({ name: listedName(container), running: ['running', 'restarting'].includes(container.State) }))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}
