import type Docker from 'dockerode';
import { Failure } from '../../../domain/failures.ts';
import { serviceOfUnit } from '../../../domain/swarm.ts';
import { unless } from '../failures.ts';
import type { Removal } from '../remove.ts';
import { findServiceIfKnown, refused } from './service.ts';
import { isStopped } from './stopped-mark.ts';
import { taskContainers } from './tasks.ts';

/**
 * Removes services that stand still, with the ended containers that Swarm keeps of their tasks on this engine: as long as
 * one is there, its volumes cannot be removed. Volumes stay. All are looked at before the first goes. On a node that is no
 * manager only these containers go.
 * Failures: `ContainerFailed` when one of them is not stopped (none is removed then).
 */
export async function removeServices(docker: Docker, units: string[]): Promise<Removal[]> {
  const found = await Promise.all(units.map((unit) => findServiceIfKnown(docker, unit)));
  const running = found.flatMap((service) => (service && !isStopped(service.Spec) ? [service.Spec.Name] : []));
  if (running.length > 0)
    throw new Failure('ContainerFailed', {
      message: `Nothing was removed: the service ${running.join(', ')} is not stopped`,
      remedy: `Stop it (docker service scale ${running.map((service) => `${service}=0`).join(' ')}), find what started it, then retry`,
    });
  return Promise.all(
    units.map(async (name, index) => {
      const service = serviceOfUnit(name) ?? name;
      try {
        if (found[index] !== undefined) await unless([404], docker.getService(found[index].ID).remove());
      } catch (error) {
        throw refused(service, 'remove', error);
      }
      for (const { Id } of await taskContainers(docker, service))
        await unless([404, 409], docker.getContainer(Id).remove({ force: true, v: false }));
      return { name, outcome: found[index] === undefined ? 'absent' : 'removed' };
    }),
  );
}
