import type Docker from 'dockerode';
import { Failure } from '../../domain/failures.ts';
import type { ContainerReference } from '../../domain/plans/step-arguments.ts';
import type { Watch } from '../../domain/watch.ts';
import { createAnew, isUnstartable } from './capture/create-anew.ts';
import { isRunning, restartPolicyOf } from './containers.ts';
import { ifThere, statusOf, unless, wordsOf } from './failures.ts';

export interface Start {
  name: string;
  outcome: 'started' | 'already running';
}

/**
 * Puts the restart policies back and starts the containers, all at once. One that its engine can never start again is
 * created anew, as it is. `stopGraceSeconds`: of a stop that the engine may still be carrying out, for a caller that is
 * gone; its end is waited for, since a start before it changes nothing.
 * Failures: `ServiceNotFound` when one is not there, `ContainerFailed` when the engine refuses to start one.
 */
export async function startContainers(
  docker: Docker,
  containers: ContainerReference[],
  watch: Watch & { stopGraceSeconds?: number } = {},
): Promise<Start[]> {
  let done = 0;
  const { stopGraceSeconds } = watch;
  if (stopGraceSeconds !== undefined)
    await Promise.all(containers.map((one) => endStop(docker, one, stopGraceSeconds)));
  return Promise.all(
    containers.map(async (container) => {
      watch.signal?.throwIfAborted();
      const start = await startOne(docker, container);
      done += 1;
      watch.onProgress?.({ done, total: containers.length, unit: 'containers', note: container.name });
      return start;
    }),
  );
}

/**
 * The engine does not say that it is stopping a container. A stop sets the policy `no` first, so one that runs with another
 * policy was not asked to stop; otherwise asking once more joins the stop that is under way.
 */
async function endStop(docker: Docker, { name }: ContainerReference, graceSeconds: number): Promise<void> {
  const container = docker.getContainer(name);
  const found = await ifThere(container.inspect());
  if (found === undefined || !isRunning(found) || restartPolicyOf(found).name !== 'no') return;
  await unless([304, 404], container.stop({ t: graceSeconds }));
}

/** `anew`: it was created for this start. */
async function startOne(docker: Docker, { name, restartPolicy }: ContainerReference, anew = false): Promise<Start> {
  const container = docker.getContainer(name);
  // The engine takes a number of retries with `on-failure` only.
  const retries = restartPolicy.name === 'on-failure' ? restartPolicy.maximumRetryCount : 0;
  try {
    await container.update({ RestartPolicy: { Name: restartPolicy.name, MaximumRetryCount: retries } });
    return { name, outcome: (await unless([304], container.start())) ? 'started' : 'already running' };
  } catch (error) {
    if (anew || !isUnstartable(error)) throw refused(name, error);
  }
  await createAnew(docker, name);
  return startOne(docker, { name, restartPolicy }, true);
}

function refused(name: string, error: unknown): unknown {
  if (statusOf(error) === undefined) return error;
  // 404 is also the engine's word for a missing network or command.
  if (statusOf(error) === 404 && /no such container/i.test(wordsOf(error))) {
    return new Failure('ServiceNotFound', {
      message: `Container ${name} is not on this host`,
      remedy: 'Restore it from a recovery point, or create it with Docker Compose, then retry',
    });
  }
  return new Failure(
    'ContainerFailed',
    {
      message: `The Docker engine refused to start container ${name}: ${wordsOf(error)}`,
      remedy: `Fix what the engine names (network, port, mount), test it with docker start ${name}, then retry`,
    },
    { cause: error },
  );
}
