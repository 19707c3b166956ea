import type { Container, ContainerInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import type { CapturedContainer, CapturedFile } from '../../../domain/deployment.ts';
import { Failure } from '../../../domain/failures.ts';
import { isEmptyFolder, readFile, readFolder, statPath, writeFiles, type FileContent } from './archive.ts';
import { ownLabel } from '../containers.ts';
import { ifThere, unless } from '../failures.ts';

/** Bytes. A bind-mounted file or folder beyond it is data, not configuration. */
const largestFile = 1024 * 1024;
const folderLimit = { bytes: largestFile, entries: 1000 };
/** The host's own, on every machine. */
const ofTheHost = /^\/$|^\/(proc|sys|dev|run|var\/run)(\/|$)/;
const mountPoint = '/rekindle-files';

/**
 * Files of the host that are mounted into the containers: Compose's secrets and configs, other plain files and whole folders
 * up to 1 MiB each. Read through the engine, as the worker need not see the host's files. `leftOut`: what is larger. A
 * folder that a data service may write is its data, which the snapshots hold: it is neither.
 */
export async function readMountedFiles(
  docker: Docker,
  containers: ContainerInspectInfo[],
  isData: (container: ContainerInspectInfo) => boolean,
): Promise<{ files: CapturedFile[]; leftOut: string[] }> {
  const files = new Map<string, CapturedFile>();
  const seen = new Set<string>();
  const leftOut: string[] = [];
  for (const inspected of containers) {
    const container = docker.getContainer(inspected.Id);
    for (const { Type, Source, Destination, RW } of inspected.Mounts) {
      if (Type !== 'bind' || seen.has(Source) || ofTheHost.test(Source)) continue;
      const stat = await statPath(container, Destination);
      if (stat?.isFile) {
        seen.add(Source);
        const content = stat.size > largestFile ? undefined : await readFile(container, Destination);
        if (content === undefined) leftOut.push(Source);
        else files.set(Source, { path: Source, ...content });
      } else if (stat?.isFolder && !(RW && isData(inspected))) {
        seen.add(Source);
        const folder = await readFolder(container, Destination, folderLimit);
        if (folder === undefined) leftOut.push(Source);
        for (const [name, content] of folder ?? []) {
          const path = posix.join(Source, name);
          files.set(path, { path, ...content });
        }
      }
    }
  }
  return { files: [...files.values()].sort((a, b) => a.path.localeCompare(b.path)), leftOut: leftOut.toSorted() };
}

/**
 * Files that the Compose tool copied into the container itself: inline configs and secrets that it took from the
 * environment. They lie in `/run/secrets`, or where the engine's list of changes has them at the root.
 */
export async function readOwnFiles(
  container: Container,
  mounts: Pick<ContainerInspectInfo['Mounts'][number], 'Destination'>[],
): Promise<CapturedFile[]> {
  const mounted = new Set(mounts.map(({ Destination }) => Destination));
  const changes = ((await ifThere(container.changes())) ?? []) as { Path: string; Kind: number }[];
  const added = changes.filter(
    ({ Path, Kind }) => Kind === 1 && /^\/(run\/secrets\/[^/]+|[^/]+)$/.test(Path) && !mounted.has(Path),
  );
  const files: CapturedFile[] = [];
  for (const { Path } of added) {
    const stat = await statPath(container, Path);
    if (stat?.isFile !== true || stat.size > largestFile) continue;
    const content = await readFile(container, Path);
    if (content !== undefined) files.push({ path: Path, ...content });
  }
  return files;
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
  for (const source of sources) {
    const below = files.filter(({ path }) => path.startsWith(`${source}/`));
    if (below.length > 0) await putBackFolder(docker, source, below, image);
  }
  for (const { path, ...content } of files.filter((file) => sources.has(file.path))) {
    const folder = posix.dirname(path);
    folders.set(folder, (folders.get(folder) ?? new Map<string, FileContent>()).set(posix.basename(path), content));
  }
  for (const [folder, content] of folders) await putBackIn(docker, folder, content, image);
}

/** A folder that is missing is made by the engine, empty; one that holds anything is its owner's. */
async function putBackFolder(docker: Docker, folder: string, files: CapturedFile[], image: string): Promise<void> {
  await withFolder(docker, folder, image, async (helper) => {
    if (!(await isEmptyFolder(helper, mountPoint))) return;
    const content = files.map(({ path, ...file }) => [path.slice(folder.length + 1), file] as const);
    await writeFiles(helper, mountPoint, new Map(content));
  });
}

async function putBackIn(
  docker: Docker,
  folder: string,
  files: Map<string, FileContent>,
  image: string,
): Promise<void> {
  await withFolder(docker, folder, image, async (helper) => {
    const missing = new Map<string, FileContent>();
    for (const [name, content] of files) {
      if (await isMissing(helper, name, folder)) missing.set(name, content);
    }
    if (missing.size > 0) await writeFiles(helper, mountPoint, missing);
  });
}

/** Runs `work` with a container that never runs, and has the host's folder mounted. */
async function withFolder(
  docker: Docker,
  folder: string,
  image: string,
  work: (helper: Container) => Promise<void>,
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
    await work(helper);
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
