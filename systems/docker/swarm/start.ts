import type Docker from 'dockerode';
import type { ContainerReference } from '../../../domain/plans/step-arguments.ts';
import { serviceOfUnit } from '../../../domain/swarm.ts';
import type { Watch } from '../../../domain/watch.ts';
import type { Start } from '../start.ts';
import { findService, serviceNotFound, updateService } from './service.ts';
import { isStopped, runningSpec, stoppedLabel } from './stopped-mark.ts';

/**
 * Gives services their replicas back, or lets a global one onto its nodes again. Each is written twice: Swarm remembers the
 * spec before the last one, and "docker service rollback" must not scale to zero what runs.
 * Failures: `ServiceNotFound` when one is not there; `ContainerFailed` when the swarm refuses.
 */
export async function startServices(docker: Docker, units: ContainerReference[], watch: Watch = {}): Promise<Start[]> {
  let done = 0;
  return Promise.all(
    units.map(async ({ name, replicas }) => {
      watch.signal?.throwIfAborted();
      const service = serviceOfUnit(name) ?? name;
      const found = await findService(docker, service);
      if (found === undefined) throw serviceNotFound(service);
      const wasStopped = isStopped(found.Spec) || found.Spec.Labels?.[stoppedLabel] !== undefined;
      if (wasStopped) {
        await updateService(docker, service, (spec) => runningSpec(spec, replicas));
        await updateService(docker, service, (spec) => spec);
      }
      done += 1;
      watch.onProgress?.({ done, total: units.length, unit: 'containers', note: name });
      return { name, outcome: wasStopped ? 'started' : 'already running' };
    }),
  );
}
