import type Docker from 'dockerode';
import type { ServiceName } from '../../domain/platform.ts';
import { listAll, projectLabel, serviceLabel } from './containers.ts';

/** Every Compose project that has a container on the engine, with its services, by name. */
export async function listProjects(docker: Docker): Promise<{ project: string; services: ServiceName[] }[]> {
  const projects = new Map<string, Set<ServiceName>>();
  for (const { Labels } of await listAll(docker)) {
    const [project, service] = [Labels[projectLabel], Labels[serviceLabel]];
    if (project === undefined || service === undefined) continue;
    projects.set(project, (projects.get(project) ?? new Set()).add(service));
  }
  return [...projects]
    .map(([project, services]) => ({ project, services: [...services].toSorted() }))
    .toSorted((a, b) => (a.project < b.project ? -1 : 1));
}
