import type Docker from 'dockerode';
import { listServices } from './service.ts';

/** The names of all services of the swarm, sorted. Failure: `ServiceNotFound` when the engine is not a manager. */
export async function listServiceNames(docker: Docker): Promise<string[]> {
  return (await listServices(docker)).map(({ Spec }) => Spec.Name).toSorted();
}
