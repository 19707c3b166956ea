import type Docker from 'dockerode';
import type { ContainerReference } from '../../domain/plans/step-arguments.ts';
import type { Watch } from '../../domain/watch.ts';
import { isRunning } from './containers.ts';
import { ifThere, unless } from './failures.ts';

export interface Stop {
  name: string;
  outcome: 'stopped' | 'already stopped' | 'absent';
  /** 137: it did not stop within its grace and was killed. Absent containers have none. */
  exitCode?: number;
}

/**
 * Stops the containers, all at once, after their restart policies became `no`: with another policy the engine would
 * start them again when it restarts itself (`always`, or `on-failure` after exit code 137). A stop that was begun is
 * waited for, also when the caller is cancelled: the engine goes on with it, whoever gives up listening.
 */
export async function stopContainers(
  docker: Docker,
  containers: Pick<ContainerReference, 'name'>[],
  graceSeconds: number,
  watch: Watch = {},
): Promise<Stop[]> {
  let done = 0;
  const report = (): void => {
    watch.onProgress?.({ done, total: containers.length, unit: 'containers', note: 'stopping' });
  };
  const beat = setInterval(report, 1000);
  try {
    await Promise.all(containers.map(({ name }) => neverRestart(docker, name)));
    watch.signal?.throwIfAborted();
    return await Promise.all(
      containers.map(async ({ name }) => {
        const stop = await stopOne(docker, name, graceSeconds);
        done += 1;
        report();
        return stop;
      }),
    );
  } finally {
    clearInterval(beat);
  }
}

async function neverRestart(docker: Docker, name: string): Promise<void> {
  const body = { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } };
  await ifThere(docker.getContainer(name).update(body));
}

async function stopOne(docker: Docker, name: string, graceSeconds: number): Promise<Stop> {
  const container = docker.getContainer(name);
  const before = await ifThere(container.inspect());
  if (before === undefined) return { name, outcome: 'absent' };
  if (isRunning(before)) {
    // A frozen container answers no signal.
    if (before.State.Paused) await unless([409], container.unpause());
    await unless([304, 404], container.stop({ t: graceSeconds }));
  }
  const after = await ifThere(container.inspect());
  if (after === undefined) return { name, outcome: 'absent' };
  return { name, outcome: isRunning(before) ? 'stopped' : 'already stopped', exitCode: after.State.ExitCode };
}
