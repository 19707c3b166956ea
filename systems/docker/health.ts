import type { ContainerInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import { Failure } from '../../domain/failures.ts';
import type { ContainerStarts } from '../../domain/plans/step-arguments.ts';
import type { Watch } from '../../domain/watch.ts';
import { isRunning, restartPolicyOf } from './containers.ts';
import { ifThere } from './failures.ts';
import { pause, pollMilliseconds } from '../pause.ts';

export interface HealthLimits {
  /** How long all of them together may take. */
  timeoutSeconds: number;
  /** Without a health check: how long a container must run without a restart. */
  settleSeconds: number;
  /** Those that do their work and end: they are healthy once they ended with exit code 0. */
  oneShots?: readonly string[];
}

/**
 * Waits until all containers are healthy, by their health checks or by running without a restart. Returns which start of
 * each that was.
 * Failures: `ServiceUnhealthy` when one exits without a restart (at once) or time is up; `ServiceNotFound` when one is
 * missing.
 */
export async function awaitHealthy(
  docker: Docker,
  names: string[],
  limits: HealthLimits,
  watch: Watch = {},
): Promise<ContainerStarts> {
  const starts: ContainerStarts = {};
  const deadline = performance.now() + limits.timeoutSeconds * 1000;
  const waiting = new Map(names.map((name) => [name, settling(limits.settleSeconds)]));
  for (;;) {
    for (const [name, settled] of waiting) {
      const container = await ifThere(docker.getContainer(name).inspect());
      if (container === undefined) throw notFound(name);
      const oneShot = limits.oneShots?.includes(name) === true;
      if (oneShot ? hasSucceeded(container) : isHealthy(container, settled)) {
        waiting.delete(name);
        if (!oneShot) starts[name] = startOf(container);
      } else if (isOver(container)) throw unhealthy(name, container, 'stopped and will not be restarted');
      else if (performance.now() > deadline) {
        throw unhealthy(name, container, `was not healthy within ${limits.timeoutSeconds} s`);
      }
    }
    const done = names.length - waiting.size;
    watch.onProgress?.({ done, total: names.length, unit: 'containers', note: [...waiting.keys()].join(', ') });
    if (waiting.size === 0) return starts;
    await pause(pollMilliseconds, watch.signal);
  }
}

/** Changes with each restart. */
export function startOf({ State, RestartCount }: ContainerInspectInfo): string {
  return `${State.StartedAt} ${RestartCount}`;
}

function hasSucceeded({ State }: ContainerInspectInfo): boolean {
  return State.Status === 'exited' && State.ExitCode === 0;
}

type Settled = (container: ContainerInspectInfo) => boolean;

/** Says yes when the container was seen running, always the same start of it, for so many seconds. */
function settling(seconds: number): Settled {
  let start = '';
  let since = 0;
  return (container) => {
    const current = startOf(container);
    if (!container.State.Running || container.State.Restarting) {
      start = '';
      return false;
    }
    if (current !== start) {
      start = current;
      since = performance.now();
    }
    return performance.now() - since >= seconds * 1000;
  };
}

function isHealthy(container: ContainerInspectInfo, settled: Settled): boolean {
  const health = container.State.Health?.Status;
  return health === undefined || health === 'none'
    ? settled(container)
    : container.State.Running && health === 'healthy';
}

/** With `always` and `unless-stopped` a stopped container may only wait for the engine's own restart. */
function isOver(container: ContainerInspectInfo): boolean {
  if (isRunning(container) || !['exited', 'dead'].includes(container.State.Status)) return false;
  const { name, maximumRetryCount } = restartPolicyOf(container);
  if (name === 'no') return true;
  if (name !== 'on-failure') return false;
  const retriesUsedUp = maximumRetryCount > 0 && container.RestartCount >= maximumRetryCount;
  return container.State.ExitCode === 0 || retriesUsedUp;
}

/** The container's output stays out of the message: it may hold secrets. */
export function unhealthy(name: string, { State, RestartCount }: ContainerInspectInfo, what: string): Failure {
  const details = [
    `status ${State.Status}`,
    ...(State.Health === undefined ? [] : [`health ${State.Health.Status}`]),
    ...(State.Running ? [] : [`exit code ${State.ExitCode}${State.OOMKilled ? ', out of memory' : ''}`]),
    ...(RestartCount > 0 ? [`${RestartCount} restarts`] : []),
  ];
  return new Failure('ServiceUnhealthy', {
    message: `Container ${name} ${what} (${details.join(', ')})`,
    remedy: `Find the cause with docker logs --tail 50 ${name}, remove it, then retry`,
  });
}

export function notFound(name: string): Failure {
  return new Failure('ServiceNotFound', {
    message: `Container ${name} is not on this host`,
    remedy: 'Restore it from a recovery point, or create it with Docker Compose, then retry',
  });
}
