import type Docker from 'dockerode';
import { createHash, randomUUID } from 'node:crypto';
import { Failure } from '../../../domain/failures.ts';
import type { PlatformName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import { variablesOf } from '../configuration.ts';
import { ifThere, unless } from '../failures.ts';
import { noLongerUsed, scratchMarks } from '../side-containers/scratch-marks.ts';
import { runToEnd, type NamedBody } from '../side-containers/side-container.ts';
import { folderArchive, unpackFolder } from './folder-archive.ts';
import { storeContainer, type StoreContainer, type Through } from '../streamed/store-container.ts';

/** A script for a container's volumes: POSIX tools only; arguments are `$1`, `$2`, …: nothing is pasted into the text. */
export interface VolumeScript {
  script: string;
  arguments: string[];
  /** For messages: `Putting the snapshot in place`. */
  what: string;
}

/** A store's container whose data is exchanged while its server is stopped. */
export interface StoppableContainer extends StoreContainer {
  /** In order, and waits for it. A container that is stopped already stays so. Its restart policy stays as it is. */
  stop: (watch: Watch) => Promise<void>;
  /** One that runs already goes on. Failure: ContainerFailed. */
  start: (watch: Watch) => Promise<void>;
  /**
   * Runs the script as root in a helper container of the same image, with the same volumes and without a network, whether or not
   * the container itself runs. Returns its lines. Failures: ContainerFailed, with the last of them; ServiceNotFound.
   */
  onVolumes: (script: VolumeScript, watch: Watch) => Promise<string[]>;
  /** A folder as a tar archive, whether or not the container runs. Failure: ServiceNotFound, when one of them is not there. */
  archiveOf: (path: string, options?: { signal?: AbortSignal }) => AsyncIterable<Uint8Array>;
  /** Into a folder that is there; half of it may be in it when this throws. Failures: what the pieces throw. */
  unpack: (path: string, pieces: AsyncIterable<Uint8Array>) => Promise<void>;
  /** Also of one that is stopped. Failure: ServiceNotFound. */
  describe: () => Promise<Described>;
}

export interface Described {
  /** Where volumes and folders of the host are mounted, to be written to. */
  mounts: string[];
  /** Whether a swarm would start another in its place. */
  swarm: boolean;
  /** What it is started with. */
  environment: Record<string, string>;
  words: string[];
}

/** How long a helper may take before others remove it. */
const helperSeconds = 600;

/** Whose it is, and how long a stop may take before the server is killed. */
export interface StoppableTask {
  platform: PlatformName;
  stopGraceSeconds: number;
}

export function stoppableContainer(
  docker: Docker,
  name: string,
  { platform, stopGraceSeconds }: StoppableTask,
  through: Through = (work) => work(),
): StoppableContainer {
  const container = docker.getContainer(name);
  return {
    ...storeContainer(docker, name, through),
    async stop({ signal, onProgress }) {
      signal?.throwIfAborted();
      onProgress?.({ done: 0, total: 0, unit: 'seconds', note: `stopping ${name}` });
      await through(() => unless([304], container.stop({ t: stopGraceSeconds })));
    },
    async start({ signal }) {
      signal?.throwIfAborted();
      await through(() => unless([304], container.start()));
    },
    onVolumes: (script, watch) => through(() => onVolumes(docker, { name, platform }, script, watch)),
    async *archiveOf(path, { signal } = {}) {
      try {
        yield* folderArchive(docker, name, path, signal);
      } catch (error) {
        throw isMissing(error) ? noFolder(name, path) : error;
      }
    },
    unpack: (path, pieces) => through(() => unpackFolder(docker, name, path, pieces)),
    async describe() {
      const { Mounts, Config } = await through(() => inspected(docker, name));
      return {
        mounts: Mounts.filter(({ RW }) => RW).map(({ Destination }) => Destination),
        swarm: Config.Labels['com.docker.swarm.service.id'] !== undefined,
        environment: variablesOf(Config.Env),
        words: [...[Config.Entrypoint ?? []].flat(), ...Config.Cmd],
      };
    },
  };
}

const isMissing = (error: unknown): boolean => (error as { statusCode?: number }).statusCode === 404;

function noFolder(name: string, path: string): Failure {
  return new Failure('ServiceNotFound', {
    message: `The container ${name} is not on this host, or has no folder ${path}`,
    remedy: 'Correct "path" of the store in the platform file, or bring the platform back with "rekindle restore"',
  });
}

async function onVolumes(
  docker: Docker,
  { name, platform }: { name: string; platform: PlatformName },
  { script, arguments: given, what }: VolumeScript,
  watch: Watch,
): Promise<string[]> {
  const { Id, Image } = await inspected(docker, name);
  const use = randomUUID();
  // One after the other on the same volumes, also after the death of a worker: the name is of container and script.
  const identity = createHash('sha256').update(JSON.stringify([Id, script, given]));
  const body: NamedBody = {
    name: `rekindle-volumes-${identity.digest('hex').slice(0, 16)}`,
    Image,
    User: '0',
    WorkingDir: '/',
    Entrypoint: ['sh', '-c', script, 'rekindle', ...given],
    Cmd: [],
    Env: [],
    Labels: scratchMarks(platform, use, helperSeconds),
    Healthcheck: { Test: ['NONE'] },
    HostConfig: { NetworkMode: 'none', VolumesFrom: [Id], RestartPolicy: { Name: 'no' } },
  };
  try {
    await removeEarlier(docker, body.name);
    const lines: string[] = [];
    const { exitCode } = await runToEnd(docker, body, { ...watch, onLine: (line) => lines.push(line) });
    if (exitCode === 0) return lines;
    throw new Failure('ContainerFailed', {
      message: `${what} in the volumes of the container ${name} ended with exit code ${exitCode}: ${lines.at(-1) ?? 'it said nothing'}`,
      remedy: 'Check the folder that the message names and the room on its disk, then retry; nothing was lost',
    });
  } finally {
    noLongerUsed(use);
  }
}

/** Of a worker that died: its labels are others, and its script may be carried out twice. */
async function removeEarlier(docker: Docker, name: string): Promise<void> {
  const earlier = docker.getContainer(name);
  const found = await ifThere(earlier.inspect());
  if (found === undefined) return;
  await unless([304, 404], earlier.wait());
  await unless([404, 409], earlier.remove({ force: true }));
}

async function inspected(docker: Docker, name: string): Promise<Docker.ContainerInspectInfo> {
  const found = await ifThere(docker.getContainer(name).inspect());
  if (found) return found;
  throw new Failure('ServiceNotFound', {
    message: `Container ${name} is not on this host`,
    remedy: 'Restore it from a recovery point, or create it with Docker Compose, then retry',
  });
}
