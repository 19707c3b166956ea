import type { Container, ContainerCreateOptions, ContainerInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import { Failure } from '../../../domain/failures.ts';
import type { NetworkName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import { ifThere, unless } from '../failures.ts';
import { followLines } from './logs.ts';
import { outwait } from './outwait.ts';
import { pause, pollMilliseconds } from '../../pause.ts';

/** A container that does one piece of work on the platform's network and is removed again. */
export interface SideContainer {
  /** Derived from the run and the step, so that a repeated step finds what it started before. */
  name: string;
  image: string;
  entrypoint?: string[];
  arguments: string[];
  environment: Record<string, string>;
  network: NetworkName;
  labels: Record<string, string>;
}

export interface SideResult {
  exitCode: number;
  /** The last 20 lines of both outputs. They may hold secrets: not for messages. */
  lastLines: string[];
}

/** The engine's own description of a container to create. */
export type NamedBody = ContainerCreateOptions & { name: string };

export interface SideWatch extends Watch {
  onLine?: (line: string) => void;
}

/** How long a cancelled container may take to end. */
const cancelGraceSeconds = 5;
const keptLines = 20;

/**
 * Runs the container to its end; one of the same name and labels that is there already is followed instead of run twice.
 * Failures: `ContainerFailed` when a container of that name belongs to something else, or the engine refuses to start it.
 */
export async function runContainer(docker: Docker, side: SideContainer, watch: SideWatch = {}): Promise<SideResult> {
  const body: NamedBody = {
    name: side.name,
    Image: side.image,
    Cmd: side.arguments,
    Env: Object.entries(side.environment).map(([name, value]) => `${name}=${value}`),
    Labels: side.labels,
    HostConfig: { NetworkMode: side.network },
    ...(side.entrypoint === undefined ? {} : { Entrypoint: side.entrypoint }),
  };
  return runToEnd(docker, body, watch);
}

/** The same for a container that is described in the engine's own words. Its image must be here. */
export async function runToEnd(docker: Docker, body: NamedBody, watch: SideWatch): Promise<SideResult> {
  watch.signal?.throwIfAborted();
  const container = await createOrFind(docker, body);
  try {
    // 304: running already; 409: ended, and to be removed.
    if ((await container.inspect()).State.Status === 'created') await unless([304], container.start());
    return await follow(docker, container, body.name, watch);
  } catch (error) {
    if (watch.signal?.aborted === true) await unless([304, 404], container.stop({ t: cancelGraceSeconds }));
    throw error;
  } finally {
    await outwait(() => unless([404, 409], container.remove({ force: true, v: true })));
  }
}

async function createOrFind(docker: Docker, body: NamedBody): Promise<Container> {
  const container = docker.getContainer(body.name);
  const present = await ifThere(container.inspect());
  if (present === undefined) {
    if (await unless([409], docker.createContainer(body))) return container;
    return createOrFind(docker, body);
  }
  if (!isOurs(present, body)) throw taken(body.name);
  // Never started: an engine that died in the middle of the start may refuse this one for ever. A new one works.
  if (present.State.Status === 'created' && (await unless([409], container.remove({ v: true })))) {
    return createOrFind(docker, body);
  }
  return container;
}

function isOurs({ Config }: ContainerInspectInfo, { Labels = {} }: ContainerCreateOptions): boolean {
  return Object.entries(Labels).every(([label, value]) => Config.Labels[label] === value);
}

async function follow(docker: Docker, container: Container, name: string, watch: SideWatch): Promise<SideResult> {
  const lastLines: string[] = [];
  const started = performance.now();
  const logs = await followLines(docker, container, (line) => {
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
    watch.onLine?.(line);
  });
  try {
    for (;;) {
      const { State } = await container.inspect();
      if (!State.Running && State.Status !== 'created') {
        await logs.drained;
        return { exitCode: State.ExitCode, lastLines };
      }
      const seconds = Math.round((performance.now() - started) / 1000);
      watch.onProgress?.({ done: seconds, total: 0, unit: 'seconds', note: name });
      await pause(pollMilliseconds, watch.signal);
    }
  } finally {
    logs.close();
  }
}

function taken(name: string): Failure {
  return new Failure('ContainerFailed', {
    message: `The container ${name} exists already, and this run did not create it`,
    remedy: `Inspect it (docker inspect ${name}), remove or rename it, then retry`,
  });
}
