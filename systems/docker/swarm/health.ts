import type Docker from 'dockerode';
import { Failure } from '../../../domain/failures.ts';
import type { ContainerStarts } from '../../../domain/plans/step-arguments.ts';
import { serviceOfUnit } from '../../../domain/swarm.ts';
import type { Watch } from '../../../domain/watch.ts';
import { pause, pollMilliseconds } from '../../pause.ts';
import type { HealthLimits } from '../health.ts';
import { findService, serviceNotFound, type SwarmService } from './service.ts';
import { replicasOf } from './stopped-mark.ts';
import { isRunningTask, isWanted, tasksOf, whyNot, type Task } from './tasks.ts';

/**
 * Waits until each service has all its tasks running, the same ones for `settleSeconds`. Swarm says that a task with a
 * health check runs once it is healthy. Returns which tasks they are.
 * Failures: `ServiceUnhealthy` when time is up, with Swarm's reason; `ServiceNotFound` when one is missing.
 */
export async function awaitServices(
  docker: Docker,
  units: string[],
  { timeoutSeconds, settleSeconds }: HealthLimits,
  watch: Watch = {},
): Promise<ContainerStarts> {
  const starts: ContainerStarts = {};
  const deadline = performance.now() + timeoutSeconds * 1000;
  const waiting = new Map(units.map((unit) => [unit, { start: '', since: 0 }]));
  for (;;) {
    for (const [unit, settled] of waiting) {
      const state = await stateOf(docker, unit);
      if (state.complete && state.start !== settled.start)
        Object.assign(settled, { start: state.start, since: performance.now() });
      if (!state.complete) settled.start = '';
      else if (performance.now() - settled.since >= settleSeconds * 1000) {
        waiting.delete(unit);
        starts[unit] = state.start;
      }
      if (waiting.has(unit) && performance.now() > deadline)
        throw unhealthy(unit, state, `has not had all its tasks running within ${timeoutSeconds} s`);
    }
    const done = units.length - waiting.size;
    watch.onProgress?.({ done, total: units.length, unit: 'containers', note: [...waiting.keys()].join(', ') });
    if (waiting.size === 0) return starts;
    await pause(pollMilliseconds, watch.signal);
  }
}

/**
 * Whether services that were healthy still run the same tasks. One that has new tasks is in a restart loop, or was moved by
 * Swarm: the new ones must run for `timeoutSeconds`, which they are given.
 * Failures: `ServiceUnhealthy`; `ServiceNotFound`.
 */
export async function confirmServices(
  docker: Docker,
  starts: ContainerStarts,
  { timeoutSeconds }: { timeoutSeconds: number },
  watch: Watch = {},
): Promise<void> {
  const waiting = new Map(Object.entries(starts));
  const total = waiting.size;
  const changed = new Map<string, { start: string; since: number }>();
  const deadline = performance.now() + timeoutSeconds * 1000;
  for (;;) {
    for (const [unit, start] of waiting) {
      const state = await stateOf(docker, unit);
      if (state.complete && state.start === start) waiting.delete(unit);
      else if (state.complete) {
        const seen = changed.get(unit) ?? { start: state.start, since: performance.now() };
        if (seen.start !== state.start) throw unhealthy(unit, state, 'was healthy and restarts again and again');
        changed.set(unit, seen);
        if (performance.now() - seen.since >= timeoutSeconds * 1000) waiting.delete(unit);
      } else if (changed.has(unit) || performance.now() > deadline)
        throw unhealthy(unit, state, 'was healthy and is so no more');
    }
    const note = [...waiting.keys()].join(', ');
    watch.onProgress?.({ done: total - waiting.size, total, unit: 'containers', note });
    if (waiting.size === 0) return;
    await pause(pollMilliseconds, watch.signal);
  }
}

export interface ServiceState {
  complete: boolean;
  /** Changes with each restart: the ids of the tasks that run. */
  start: string;
  running: number;
  wanted: number;
  why: string;
}

async function stateOf(docker: Docker, unit: string): Promise<ServiceState> {
  const service = serviceOfUnit(unit) ?? unit;
  const found = await findService(docker, service);
  if (found === undefined) throw serviceNotFound(service);
  return judgeTasks(found, await tasksOf(docker, service));
}

/** Of a global service as many are wanted as Swarm has made: one on each node that it may use, and at least one. */
export function judgeTasks({ Spec }: Pick<SwarmService, 'Spec'>, tasks: readonly Task[]): ServiceState {
  const wantedTasks = tasks.filter(isWanted);
  const running = wantedTasks.filter(isRunningTask);
  const wanted = replicasOf(Spec) ?? Math.max(1, wantedTasks.length);
  const ids = running.map(({ ID }) => ID).toSorted();
  return {
    complete: running.length >= wanted && running.length === wantedTasks.length,
    start: ids.join(' '),
    running: running.length,
    wanted,
    why: whyNot([...wantedTasks.filter((task) => !isRunningTask(task)), ...tasks]),
  };
}

function unhealthy(unit: string, { running, wanted, why }: ServiceState, what: string): Failure {
  const service = serviceOfUnit(unit) ?? unit;
  return new Failure('ServiceUnhealthy', {
    message: `The Swarm service ${service} ${what} (${running} of ${wanted} run${why === '' ? '' : `; ${why}`})`,
    remedy: `Find the cause with "docker service ps --no-trunc ${service}" and "docker service logs --tail 50 ${service}", remove it, then retry`,
  });
}
