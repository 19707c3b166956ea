import type { ContainerInfo } from 'dockerode';
import type Docker from 'dockerode';
import { Failure } from '../../../domain/failures.ts';
import type { ContainerReference } from '../../../domain/plans/steps.ts';
import { serviceOfUnit } from '../../../domain/swarm.ts';
import type { Watch } from '../../../domain/watch.ts';
import { pause, pollMilliseconds } from '../../pause.ts';
import { unless } from '../failures.ts';
import type { Stop } from '../stop.ts';
import { findService, updateService } from './service.ts';
import { modeOf, stoppedSpec } from './stopped-mark.ts';
import { hasEnded, isRunningTask, taskContainers, tasksOf, type Task } from './tasks.ts';

/** Seconds that Swarm may take beyond the grace: its nodes report with a delay. */
const reportSeconds = 60;
const states = new Set(['running', 'restarting', 'paused', 'removing']);

/**
 * Stops services, all at once, and waits until each task is gone on every node. A task gets the grace of its own service
 * (`stop_grace_period`) and then is killed by Swarm; one that outlives that and `graceSeconds` is killed here, if its node is
 * this one. Failure: `ContainerFailed` when a task of another node is not known to have ended, or the service is a job.
 */
export async function stopServices(
  docker: Docker,
  units: Pick<ContainerReference, 'name'>[],
  graceSeconds: number,
  watch: Watch = {},
): Promise<Stop[]> {
  let done = 0;
  const report = (): void => {
    watch.onProgress?.({ done, total: units.length, unit: 'containers', note: 'stopping' });
  };
  const beat = setInterval(report, 1000);
  try {
    return await Promise.all(
      units.map(async ({ name }) => {
        const stop = await stopService(docker, name, graceSeconds, watch);
        done += 1;
        report();
        return stop;
      }),
    );
  } finally {
    clearInterval(beat);
  }
}

async function stopService(docker: Docker, name: string, graceSeconds: number, watch: Watch): Promise<Stop> {
  const service = serviceOfUnit(name) ?? name;
  const found = await findService(docker, service);
  if (found === undefined) return { name, outcome: 'absent' };
  if (modeOf(found.Spec) === 'job') throw isJob(service);
  const before = (await tasksOf(docker, service)).filter(isRunningTask);
  const exits = exitsOf(docker, await taskContainers(docker, service));
  await updateService(docker, service, stoppedSpec);
  const ownGrace = (found.Spec.TaskTemplate.ContainerSpec?.StopGracePeriod ?? 0) / 1e9;
  const killed = await untilGone(docker, service, Math.max(graceSeconds, ownGrace), watch);
  exits.end();
  if (before.length === 0 && killed === 0) return { name, outcome: 'already stopped' };
  const exitCode = killed > 0 ? 137 : exits.worst();
  return { name, outcome: 'stopped', ...(exitCode !== undefined && { exitCode }) };
}

/** Swarm removes a task's container with what is known of its end, so each is waited for from the beginning. */
function exitsOf(docker: Docker, containers: ContainerInfo[]): { worst: () => number | undefined; end: () => void } {
  const codes: number[] = [];
  const abort = new AbortController();
  for (const { Id, State } of containers)
    if (states.has(State))
      docker
        .getContainer(Id)
        .wait({ abortSignal: abort.signal })
        .then(
          ({ StatusCode }: { StatusCode: number }) => codes.push(StatusCode),
          () => undefined,
        );
  return {
    worst: () => (codes.length === 0 ? undefined : Math.max(...codes)),
    end: () => abort.abort(),
  };
}

/** Returns how many of this engine's had to be killed. */
async function untilGone(docker: Docker, service: string, graceSeconds: number, watch: Watch): Promise<number> {
  const started = performance.now();
  let killed = 0;
  for (;;) {
    const [tasks, containers] = await Promise.all([tasksOf(docker, service), taskContainers(docker, service)]);
    const alive = containers.filter(({ State }) => states.has(State));
    const open = tasks.filter((task) => !hasEnded(task) && task.Status.State !== 'new' && task.NodeID !== undefined);
    // Tasks that no node may take wait for ever: they are none.
    if (open.every(isIdle) && alive.length === 0) return killed;
    const seconds = (performance.now() - started) / 1000;
    if (seconds > graceSeconds + reportSeconds) throw await stillThere(docker, service, open);
    if (seconds > graceSeconds + 5 && killed === 0)
      for (const { Id } of alive) if (await unless([404, 409], docker.getContainer(Id).kill())) killed += 1;
    await pause(pollMilliseconds, watch.signal);
  }
}

const isIdle = ({ Status }: Task) => ['new', 'pending'].includes(Status.State);

async function stillThere(docker: Docker, service: string, open: Task[]): Promise<Failure> {
  const nodes = (await docker.listNodes()) as {
    ID: string;
    Description: { Hostname: string };
    Status: { State: string };
  }[];
  const places = open.map(({ ID, NodeID, Status }) => {
    const node = nodes.find((one) => one.ID === NodeID);
    const where = node ? `${node.Description.Hostname}, which is ${node.Status.State}` : `a node that has left`;
    return `${ID.slice(0, 12)} (${Status.State}) on ${where}`;
  });
  return new Failure('ContainerFailed', {
    message: `Tasks of the service ${service} are not known to have ended: ${places.join('; ') || 'a container on this engine'}`,
    remedy:
      'On each node see that the container is stopped (docker ps); a node that is gone for good is taken out with "docker node rm --force NODE"; then retry',
  });
}

function isJob(service: string): Failure {
  return new Failure('ContainerFailed', {
    message: `${service} is a job of the swarm, which runs to its end and cannot be stopped and started again`,
    remedy:
      'Take it out of data, core and alsoStop in the platform file; remove it while a restore runs, if it uses the data',
  });
}
