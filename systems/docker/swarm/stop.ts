import type { ContainerInfo } from 'dockerode';
import type Docker from 'dockerode';
import { Failure } from '../../../domain/failures.ts';
import type { ContainerReference } from '../../../domain/plans/step-arguments.ts';
import { serviceOfUnit } from '../../../domain/swarm.ts';
import type { Watch } from '../../../domain/watch.ts';
import { pause, pollMilliseconds } from '../../pause.ts';
import { unless } from '../failures.ts';
import type { Stop } from '../stop.ts';
import { findService, updateService } from './service.ts';
import { modeOf, stoppedSpec } from './stopped-mark.ts';
import { hasEnded, isRunningTask, taskContainers, tasksOf, type Task } from './tasks.ts';

/** Seconds that Swarm may take beyond the grace: its nodes report with a delay. */
const usualReport = 60;
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
  reportSeconds = usualReport,
): Promise<Stop[]> {
  let done = 0;
  const report = (): void => {
    watch.onProgress?.({ done, total: units.length, unit: 'containers', note: 'stopping' });
  };
  const beat = setInterval(report, 1000);
  try {
    return await Promise.all(
      units.map(async ({ name }) => {
        const stop = await stopService(docker, name, { graceSeconds, reportSeconds }, watch);
        done += 1;
        report();
        return stop;
      }),
    );
  } finally {
    clearInterval(beat);
  }
}

interface Patience {
  graceSeconds: number;
  reportSeconds: number;
}

async function stopService(docker: Docker, name: string, patience: Patience, watch: Watch): Promise<Stop> {
  const service = serviceOfUnit(name) ?? name;
  const found = await findService(docker, service);
  if (found === undefined) return { name, outcome: 'absent' };
  if (modeOf(found.Spec) === 'job') throw isJob(service);
  const before = (await tasksOf(docker, service)).filter(isRunningTask);
  const exits = exitsOf(docker, await taskContainers(docker, service));
  await updateService(docker, service, stoppedSpec);
  const ownGrace = (found.Spec.TaskTemplate.ContainerSpec?.StopGracePeriod ?? 0) / 1e9;
  const running = new Set(before.map(({ ID }) => ID));
  const { killed, told } = await untilGone(
    docker,
    service,
    { ...patience, graceSeconds: Math.max(patience.graceSeconds, ownGrace) },
    watch,
  );
  exits.end();
  if (before.length === 0 && killed === 0) return { name, outcome: 'already stopped' };
  const elsewhere = [...told].flatMap(([task, code]) => (running.has(task) ? [code] : []));
  const exitCode = killed > 0 ? 137 : worst([...exits.codes, ...elsewhere]);
  return { name, outcome: 'stopped', ...(exitCode !== undefined && { exitCode }) };
}

/** Swarm removes a task's container with what is known of its end, so each is waited for from the beginning. */
function exitsOf(docker: Docker, containers: ContainerInfo[]): { codes: readonly number[]; end: () => void } {
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
  return { codes, end: () => abort.abort() };
}

const worst = (codes: readonly number[]) => (codes.length === 0 ? undefined : Math.max(...codes));

/**
 * `killed`: how many of this engine's had to be. `told`: exit codes that Swarm has told, by task; of other nodes' tasks there is
 * no other word, and it forgets them a moment after the end, so not all of them are here.
 */
async function untilGone(
  docker: Docker,
  service: string,
  { graceSeconds, reportSeconds }: Patience,
  watch: Watch,
): Promise<{ killed: number; told: Map<string, number> }> {
  const started = performance.now();
  const told = new Map<string, number>();
  let killed = 0;
  for (;;) {
    const [tasks, containers] = await Promise.all([tasksOf(docker, service), taskContainers(docker, service)]);
    for (const task of tasks.filter(hasEnded)) {
      const code = task.Status.ContainerStatus?.ExitCode;
      if (code !== undefined) told.set(task.ID, code);
    }
    const alive = containers.filter(({ State }) => states.has(State));
    const open = tasks.filter((task) => !hasEnded(task) && task.Status.State !== 'new' && task.NodeID !== undefined);
    // Tasks that no node may take wait for ever: they are none.
    if (open.every(isIdle) && alive.length === 0) return { killed, told };
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
