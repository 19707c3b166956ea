import type Docker from 'dockerode';
import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { isFolder } from '../../../domain/mounts.ts';
import type { PlatformName, VolumeName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import { finishedAmong, usersOf } from '../containers.ts';
import { answersOf, besideRoot, helperRoot, isFolderMissing, runInspection } from './helper.ts';
import { besideOf, besideQuarantine, immovable, quarantineRoot } from './places.ts';

export interface TrialTask extends Watch {
  platform: PlatformName;
  /** An image that holds `sh`. */
  image: string;
  /** Volumes by name, bind-mounted folders by path. */
  volumes: VolumeName[];
}

export interface Trial {
  /** What is not there has nothing to set aside. */
  isThere: boolean;
  /** Why a rename cannot set it aside; absent: it can. */
  immovable?: string;
  /** Of a folder: all containers that mount it or something in it. */
  usedBy?: string[];
  /** Those of them that have done their work. */
  finished?: string[];
}

/** $1 a mark of its own, then volumes. */
export const volumesTrial = `
set -eu
${immovable}
mark=$1
shift
target=${helperRoot}/${quarantineRoot}
if [ ! -d "$target" ]; then target=${helperRoot}; fi
for volume in "$@"; do
  home=${helperRoot}/volumes/$volume
  if [ ! -d "$home" ]; then continue; fi
  echo "$volume=$(immovable "$home" "$target" "$mark")"
done
`;

/** $1 a mark of its own, $2 the folder's name. */
export const folderTrial = `
set -eu
${immovable}
live=${besideRoot}/$2
target=${besideRoot}/${besideQuarantine}
if [ ! -d "$target" ]; then target=${besideRoot}; fi
if [ -L "$live" ]; then echo "trial=it is a symbolic link: name the folder that it leads to in the Compose file"
elif [ ! -e "$live" ]; then exit 0
elif [ ! -d "$live" ]; then echo "trial=it is no folder"
elif is_mount_point "$live"; then echo "trial=it is a mount point of its own, and a rename cannot leave its file system"
else echo "trial=$(immovable ${besideRoot} "$target" "$1")"
fi
`;

/** Tries out, with empty folders beside the data, whether `quarantineVolume` could rename it; leaves nothing behind. */
export async function tryQuarantine(
  docker: Docker,
  { volumes, platform, image, ...watch }: TrialTask,
): Promise<Record<VolumeName, Trial>> {
  const mark = randomBytes(6).toString('hex');
  const folders = volumes.filter(isFolder);
  const named = volumes.filter((volume) => !isFolder(volume));
  const trials: [VolumeName, Trial][] = [];
  if (named.length > 0) {
    const task = { platform, image, script: volumesTrial, arguments: [mark, ...named] };
    const answers = answersOf(await runInspection(docker, task, watch), 'Trying out a rename of the volumes');
    for (const volume of named) trials.push([volume, trialOf(answers.get(volume))]);
  }
  for (const folder of folders) {
    const trial = await tryFolder(docker, folder, { platform, image, mark, watch });
    const usedBy = await usersOf(docker, folder, 'all');
    trials.push([folder, { ...trial, usedBy, finished: await finishedAmong(docker, usedBy) }]);
  }
  return Object.fromEntries(trials);
}

async function tryFolder(
  docker: Docker,
  folder: string,
  { platform, image, mark, watch }: { platform: PlatformName; image: string; mark: string; watch: Watch },
): Promise<Trial> {
  if (folder === '/') return { isThere: true, immovable: 'it is the root of the host' };
  const task = { platform, image, script: folderTrial, arguments: [mark, posix.basename(folder)] };
  try {
    const answers = answersOf(
      await runInspection(docker, { ...task, ...besideOf(folder) }, watch),
      `Trying out a rename of ${folder}`,
    );
    return trialOf(answers.get('trial'));
  } catch (error) {
    if (isFolderMissing(error)) return { isThere: false };
    throw error;
  }
}

function trialOf(answer: string | undefined): Trial {
  return { isThere: answer !== undefined, ...(answer && { immovable: answer }) };
}
