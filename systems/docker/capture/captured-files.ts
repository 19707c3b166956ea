import type { Container, ContainerInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import type { CapturedContainer, CapturedFile } from '../../../domain/deployment.ts';
import { Failure } from '../../../domain/failures.ts';
import { isEmptyFolder, readFile, statPath, writeFiles, type FileContent } from './archive.ts';
import { ownLabel } from '../containers.ts';
import { unless } from '../failures.ts';

/** Bytes. A bind-mounted file beyond it is data, not configuration. */
const largestFile = 1024 * 1024;
const mountPoint = '/rekindle-files';

/**
 * Files of the host that are mounted into the containers: Compose's secrets and configs, and other plain files up to
 * 1 MiB. Read through the engine, as the worker need not see the host's files.
 */
export async function readMountedFiles(docker: Docker, containers: ContainerInspectInfo[]): Promise<CapturedFile[]> {
  const files = new Map<string, CapturedFile>();
  for (const { Id, Mounts } of containers) {
    for (const { Type, Source, Destination } of Mounts) {
      if (Type !== 'bind' || files.has(Source)) continue;
      const container = docker.getContainer(Id);
      const stat = await statPath(container, Destination);
      if (stat?.isFile !== true || stat.size > largestFile) continue;
      const content = await readFile(container, Destination);
      if (content !== undefined) files.set(Source, { path: Source, ...content });
    }
  }
  return [...files.values()].sort((a, b) => a.path.localeCompare(b.path));
}

/**
 * Puts those captured files back on the host that the container mounts and that are missing; what is there stays as it
 * is. Through a container that never runs, with the files' folder mounted, so it serves a remote engine as well.
 */
export async function putBackFiles(
  docker: Docker,
  container: CapturedContainer,
  files: CapturedFile[],
  image: string,
): Promise<void> {
  const sources = bindSources(container);
  const folders = new Map<string, Map<string, FileContent>>();
  for (const { path, ...content } of files.filter((file) => sources.has(file.path))) {
    const folder = posix.dirname(path);
    folders.set(folder, (folders.get(folder) ?? new Map<string, FileContent>()).set(posix.basename(path), content));
  }
  for (const [folder, content] of folders) await putBackIn(docker, folder, content, image);
}

async function putBackIn(
  docker: Docker,
  folder: string,
  files: Map<string, FileContent>,
  image: string,
): Promise<void> {
  const helper = await docker.createContainer({
    name: `rekindle-files-${randomBytes(6).toString('hex')}`,
    Image: image,
    Entrypoint: ['sh'],
    User: '0',
    Labels: { [ownLabel]: 'files' },
    HostConfig: { Binds: [`${folder}:${mountPoint}`], NetworkMode: 'none', UsernsMode: 'host' },
  });
  try {
    const missing = new Map<string, FileContent>();
    for (const [name, content] of files) {
      if (await isMissing(helper, name, folder)) missing.set(name, content);
    }
    if (missing.size > 0) await writeFiles(helper, mountPoint, missing);
  } finally {
    await unless([404, 409], helper.remove({ force: true, v: true }));
  }
}

/** The engine creates an empty folder in place of a missing mounted file whenever the container is accessed. */
async function isMissing(helper: Container, name: string, folder: string): Promise<boolean> {
  const path = posix.join(mountPoint, name);
  const stat = await statPath(helper, path);
  if (stat === undefined) return true;
  if (stat.isFile) return false;
  if (await isEmptyFolder(helper, path)) return true;
  throw new Failure('ContainerFailed', {
    message: `${posix.join(folder, name)} on the host is not a plain file, as it was when captured`,
    remedy: 'Move it aside, then retry: the captured file takes its place',
  });
}

function bindSources({ create }: CapturedContainer): Set<string> {
  const host = create.HostConfig as {
    Binds?: string[] | null;
    Mounts?: { Type: string; Source?: string }[] | null;
  };
  const binds = (host.Binds ?? []).map((bind) => bind.split(':')[0] ?? '');
  const mounts = (host.Mounts ?? []).flatMap(({ Type, Source }) => (Type === 'bind' ? [Source ?? ''] : []));
  return new Set([...binds, ...mounts].filter((source) => source.startsWith('/')));
}
