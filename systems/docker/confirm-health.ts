import type { ContainerInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import type { ContainerStarts } from '../../domain/plans/step-arguments.ts';
import type { Watch } from '../../domain/watch.ts';
import { pause, pollMilliseconds } from '../pause.ts';
import { ifThere } from './failures.ts';
import { notFound, startOf, unhealthy } from './health.ts';

/**
 * Whether containers that were healthy still run as they were started. One that has restarted since may be in a restart
 * loop that is longer than its settle time: it must have run for `timeoutSeconds`, which it is given.
 * Failures: `ServiceUnhealthy` when one does not run, is ill, or restarts once more; `ServiceNotFound`.
 */
export async function confirmHealthy(
  docker: Docker,
  starts: ContainerStarts,
  { timeoutSeconds }: { timeoutSeconds: number },
  watch: Watch = {},
): Promise<void> {
  const deadline = performance.now() + timeoutSeconds * 1000;
  const waiting = new Map(Object.entries(starts));
  const total = waiting.size;
  const restarted = new Map<string, string>();
  for (;;) {
    for (const [name, start] of waiting) {
      const container = await ifThere(docker.getContainer(name).inspect());
      if (container === undefined) throw notFound(name);
      const now = startOf(container);
      if (now !== start && now !== (restarted.get(name) ?? now))
        throw unhealthy(name, container, 'was healthy and restarts again and again');
      if (now !== start) restarted.set(name, now);
      if (!container.State.Running || container.State.Restarting)
        throw unhealthy(name, container, 'was healthy and has stopped since');
      const health = container.State.Health?.Status;
      if (health === 'unhealthy' || (health === 'starting' && performance.now() > deadline))
        throw unhealthy(name, container, 'was healthy and is so no more');
      const calm = now === start || runsFor(container) >= timeoutSeconds;
      if (calm && health !== 'starting') waiting.delete(name);
    }
    const note = [...waiting.keys()].join(', ');
    watch.onProgress?.({ done: total - waiting.size, total, unit: 'containers', note });
    if (waiting.size === 0) return;
    await pause(pollMilliseconds, watch.signal);
  }
}

/** Seconds, by the engine's clock and this one's: they are of one host. */
function runsFor({ State }: ContainerInspectInfo): number {
  return (Date.now() - Date.parse(State.StartedAt)) / 1000;
}
