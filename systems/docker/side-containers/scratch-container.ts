import type { ContainerCreateOptions, NetworkInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import { randomBytes } from 'node:crypto';
import { Failure } from '../../../domain/failures.ts';
import type { PlatformName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import { isRunning } from '../containers.ts';
import { ifThere, statusOf, unless, wordsOf } from '../failures.ts';
import { ensureImage, identify } from '../images.ts';
import { outwait } from './outwait.ts';
import { pause, pollMilliseconds } from '../../pause.ts';
import { reach, type Address } from '../reach.ts';
import { isLeftover, noLongerUsed, ofPlatform, scratchMarks } from './scratch-marks.ts';

export interface ScratchTask {
  /** Whose it is: by this its leftovers are found. */
  platform: PlatformName;
  /** As `scratchBody` makes it. */
  body: ContainerCreateOptions;
  image: { reference: string; digest: string };
  /** A container on this engine, running or not, whose very image is taken instead, when it is there. */
  like?: string;
  /** After so many seconds it is a leftover, whoever made it. */
  limitSeconds: number;
}

/**
 * What of a captured container a scratch one takes over: what it runs, and how it resolves names. Not: volumes and other
 * mounts, ports, names, labels, networks, restart policy, other containers' spaces.
 */
export function scratchBody(create: Record<string, unknown>): ContainerCreateOptions {
  const pick = (from: Record<string, unknown>, keys: readonly string[]) =>
    Object.fromEntries(
      keys.filter((key) => from[key] !== undefined && from[key] !== null).map((key) => [key, from[key]]),
    );
  return {
    ...pick(create, ['Env', 'Cmd', 'Entrypoint', 'User', 'WorkingDir', 'StopSignal', 'Shell']),
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      ...pick((create.HostConfig ?? {}) as Record<string, unknown>, [
        'Ulimits',
        'Memory',
        'ShmSize',
        'Init',
        'CapAdd',
        'CapDrop',
        'SecurityOpt',
        'Sysctls',
        'Tmpfs',
        'Runtime',
        'ExtraHosts',
        'Dns',
        'DnsOptions',
        'DnsSearch',
      ]),
      RestartPolicy: { Name: 'no' },
    },
  };
}

/**
 * Starts a container on a new network of its own and returns its name, which is the network's as well. To be removed with
 * `removeScratch`, whatever happens. Failures: ImageMissing; ContainerFailed when the engine refuses it.
 */
export async function startScratch(docker: Docker, task: ScratchTask, watch: Watch = {}): Promise<string> {
  const name = `rekindle-scratch-${task.platform.toLowerCase()}-${randomBytes(4).toString('hex')}`;
  const image = await ensureImage(docker, await imageOf(docker, task), watch);
  watch.signal?.throwIfAborted();
  const Labels = scratchMarks(task.platform, name, task.limitSeconds);
  try {
    await docker.createNetwork({ Name: name, Driver: 'bridge', CheckDuplicate: true, Labels });
    const HostConfig = { ...task.body.HostConfig, NetworkMode: name };
    const container = await docker.createContainer({ ...task.body, name, Image: image, Labels, HostConfig });
    await container.start();
    return name;
  } catch (error) {
    // The first error is the one to report.
    await removeScratch(docker, name).catch(() => undefined);
    throw statusOf(error) === undefined ? error : refused(name, error);
  }
}

async function imageOf(docker: Docker, { image, like }: ScratchTask): Promise<ScratchTask['image']> {
  const present = like === undefined ? undefined : await ifThere(docker.getContainer(like).inspect());
  return present === undefined ? image : identify(docker, present.Config.Image, present.Image);
}

/**
 * Where the scratch container listens, once it does. Failures: ServiceUnhealthy when it stops or does not listen in time.
 */
export async function awaitScratch(
  docker: Docker,
  name: string,
  { port, timeoutSeconds }: { port: number; timeoutSeconds: number },
  watch: Watch = {},
): Promise<Address> {
  const deadline = performance.now() + timeoutSeconds * 1000;
  for (;;) {
    const found = await ifThere(docker.getContainer(name).inspect());
    if (found === undefined || !isRunning(found)) throw stopped(name, found?.State.ExitCode);
    try {
      return await reach(docker, name, port, watch.signal);
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'ServiceUnhealthy' || performance.now() > deadline) throw error;
    }
    watch.onProgress?.({ done: 0, total: timeoutSeconds, unit: 'seconds', note: `${name} does not listen yet` });
    await pause(pollMilliseconds, watch.signal);
  }
}

/** Removes container, anonymous volumes and network; what is gone already is fine, an engine that is away waited for. */
export async function removeScratch(docker: Docker, name: string): Promise<void> {
  try {
    await outwait(() => remove(docker, name));
  } finally {
    noLongerUsed(name);
  }
}

async function remove(docker: Docker, name: string): Promise<void> {
  await unless([404, 409], docker.getContainer(name).remove({ force: true, v: true }));
  const network = docker.getNetwork(name);
  const found = await ifThere<NetworkInspectInfo>(network.inspect());
  if (found === undefined) return;
  // The worker's own container, if it runs in one, was attached to reach it.
  for (const Container of Object.keys(found.Containers ?? {}))
    await unless([403, 404], network.disconnect({ Container, Force: true }));
  await unless([404], network.remove());
}

/** Removes what dead workers left; what another living process uses stays. Returns the names of what was removed. */
export async function removeScratchLeftovers(docker: Docker, platform: PlatformName): Promise<string[]> {
  const filters = { label: [ofPlatform(platform)] };
  const [containers, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
  ]);
  const found = new Map<string, Record<string, string>>();
  for (const { Name, Labels } of networks) found.set(Name, Labels ?? {});
  for (const { Names, Labels } of containers) found.set((Names[0] ?? '').replace(/^\//, ''), Labels);
  const left = [...found].filter(([, marks]) => isLeftover(marks)).map(([name]) => name);
  for (const name of left) await remove(docker, name);
  return left;
}

function refused(name: string, error: unknown): Failure {
  return new Failure(
    'ContainerFailed',
    {
      message: `The Docker engine refused the scratch container ${name}: ${wordsOf(error)}`,
      remedy: 'Fix what the engine names (networks without free addresses, limits, devices), then retry',
    },
    { cause: error },
  );
}

function stopped(name: string, exitCode: number | undefined): Failure {
  return new Failure('ServiceUnhealthy', {
    message: `The scratch container ${name} ${exitCode === undefined ? 'is gone' : `ended with exit code ${exitCode}`} before it listened`,
    remedy:
      'Use an image that starts without the files and volumes of the platform, in 1 GB of memory; try it with: docker run',
  });
}
