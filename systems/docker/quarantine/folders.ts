import type Docker from 'dockerode';
import { posix } from 'node:path';
import type { CapturedVolume } from '../../../domain/deployment.ts';
import type { HostName, PlatformName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import { ownLabel } from '../containers.ts';
import { answersOf, besideRoot, isFolderMissing, runHelper, runInspection } from './helper.ts';

// Bind-mounted folders that hold data, captured and created as volumes are: their names are their paths.

/** What is needed to create the folder again. */
interface FolderBody {
  uid: number;
  gid: number;
  /** Permission bits, octal as text: `750`. */
  mode: string;
}

const ownerScript = `
set -eu
if [ -d ${besideRoot}/"$1" ]; then echo "owner=$(stat -c '%u %g %a' ${besideRoot}/"$1")"; fi
`;

/** Those of the folders that are there. `image` must hold `sh`. */
export async function captureFolders(
  docker: Docker,
  task: { platform: PlatformName; host: HostName; image: string; folders: string[] } & Watch,
): Promise<CapturedVolume[]> {
  const { platform, host, image, folders, ...watch } = task;
  const captured: CapturedVolume[] = [];
  for (const folder of folders) {
    const look = { platform, image, script: ownerScript, arguments: [posix.basename(folder)] };
    try {
      const result = await runInspection(docker, { ...look, beside: posix.dirname(folder) }, watch);
      const [uid, gid, mode] = (answersOf(result, `Looking at the folder ${folder}`).get('owner') ?? '').split(' ');
      if (mode === undefined) continue;
      captured.push({ name: folder, host, create: { uid: Number(uid), gid: Number(gid), mode } satisfies FolderBody });
    } catch (error) {
      if (!isFolderMissing(error)) throw error;
    }
  }
  return captured;
}

/** $1 the folder's name, $2 its owner and group, $3 its mode. */
export const createScript = `
set -eu
live=${besideRoot}/$1
if [ -e "$live" ]; then exit 0; fi
fresh=$live.rekindle-fresh
mkdir -p "$fresh"
chown "$2" "$fresh"
chmod "$3" "$fresh"
mv "$fresh" "$live"
`;

/** Creates the folder, and those above it, unless it is there, whatever it holds. */
export async function createFolder(
  docker: Docker,
  { name, create }: CapturedVolume,
  { run, image, ...watch }: { run: string; image: string } & Watch,
): Promise<void> {
  const { uid, gid, mode } = create as unknown as FolderBody;
  const task = {
    labels: { [ownLabel]: run },
    image,
    script: createScript,
    arguments: [posix.basename(name), `${uid}:${gid}`, mode],
    beside: posix.dirname(name),
    makesBeside: true,
  };
  answersOf(await runHelper(docker, task, watch), `Creating the folder ${name}`);
}
