import type Docker from 'dockerode';
import { createHash, randomUUID } from 'node:crypto';
import { Failure } from '../../../domain/failures.ts';
import type { PlatformName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import { statusOf, wordsOf } from '../failures.ts';
import { ensureImage } from '../images.ts';
import { noLongerUsed, scratchMarks } from '../side-containers/scratch-marks.ts';
import { runToEnd, type NamedBody } from '../side-containers/side-container.ts';

export interface HelperTask {
  /** Of the container; they tell one task from another that does the same. */
  labels: Record<string, string>;
  /** An image that is on this host and holds `sh`. */
  image: string;
  /** POSIX tools only; arguments are `$1`, `$2`, …: nothing is pasted into the text. */
  script: string;
  arguments: string[];
  /** A folder of the host that the helper sees as well, as `besideRoot`. Missing: `isFolderMissing` of the error. */
  beside?: string;
  /** The engine makes it where it is missing. */
  makesBeside?: boolean;
}

export interface HelperResult {
  exitCode: number;
  /** All of them, both outputs. */
  lines: string[];
}

/** Where the helper sees the engine's root folder. */
export const helperRoot = '/rekindle';
/** Where it sees the folder beside whose content it works. */
export const besideRoot = '/rekindle-beside';

/**
 * Runs a short script as root with the engine's root folder mounted, so that a rename inside it stays one.
 * Its name follows from the task: repeated after a crash, it follows the one that still runs. Always removed.
 */
export async function runHelper(docker: Docker, task: HelperTask, watch: Watch = {}): Promise<HelperResult> {
  const info = (await docker.info()) as { DockerRootDir: string };
  const identity = JSON.stringify([task.labels, task.script, task.arguments, task.beside]);
  const name = `rekindle-helper-${createHash('sha256').update(identity).digest('hex').slice(0, 16)}`;
  const image = await ensureImage(docker, { reference: task.image, digest: task.image }, watch);
  const body: NamedBody = {
    name,
    Image: image,
    User: '0',
    Entrypoint: ['sh', '-c', task.script, 'rekindle', ...task.arguments],
    Cmd: [],
    Labels: task.labels,
    // An image's own volumes would be made and removed for nothing; its health check serves no one here.
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      NetworkMode: 'none',
      UsernsMode: 'host',
      Binds: [`${info.DockerRootDir}:${helperRoot}`, ...(task.makesBeside ? [`${task.beside}:${besideRoot}`] : [])],
      // Unlike a bind, a mount does not make what is missing.
      ...(task.beside !== undefined &&
        !task.makesBeside && { Mounts: [{ Type: 'bind', Source: task.beside, Target: besideRoot }] }),
      SecurityOpt: ['label=disable'],
    },
  };
  const lines: string[] = [];
  const { exitCode } = await runToEnd(docker, body, { ...watch, onLine: (line) => lines.push(line) });
  return { exitCode, lines };
}

/** Whether the engine refused a helper because the folder that it was to see is not there. */
export function isFolderMissing(error: unknown): boolean {
  return statusOf(error) === 400 && /bind source path does not exist/.test(wordsOf(error));
}

/** How long an inspection may take before others remove its container. */
const inspectionSeconds = 600;

/**
 * The same for a script that only reads: a new container each time, so that several may read at once. What a dying worker
 * leaves behind is found by its platform's next preflight.
 */
export async function runInspection(
  docker: Docker,
  { platform, ...task }: Omit<HelperTask, 'labels'> & { platform: PlatformName },
  watch: Watch = {},
): Promise<HelperResult> {
  const use = randomUUID();
  try {
    return await runHelper(docker, { ...task, labels: scratchMarks(platform, use, inspectionSeconds) }, watch);
  } finally {
    noLongerUsed(use);
  }
}

/** The helper's output as `key=value` lines. Failures: `VolumeRefused` with the script's own words. */
export function answersOf({ exitCode, lines }: HelperResult, what: string): Map<string, string> {
  if (exitCode !== 0) {
    throw new Failure('VolumeRefused', {
      message: `${what} failed (exit code ${exitCode}): ${lines.join('; ') || 'no output'}`,
      remedy: 'Check the folder of the Docker engine that the message names (nothing was overwritten), then retry',
    });
  }
  return new Map(lines.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]));
}
