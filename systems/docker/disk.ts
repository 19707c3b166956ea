import type Docker from 'dockerode';
import { posix } from 'node:path';
import { isFolder } from '../../domain/mounts.ts';
import type { PlatformName, VolumeName } from '../../domain/platform.ts';
import type { Watch } from '../../domain/watch.ts';
import { answersOf, besideRoot, helperRoot, isFolderMissing, runInspection } from './quarantine/helper.ts';

export interface DiskTask {
  /** For whom it is measured: by this its leftovers are found. */
  platform: PlatformName;
  image: string;
  /** Their sizes are measured: volumes by name, bind-mounted folders by path. */
  volumes: VolumeName[];
  /** Bind-mounted folders on whose disks room is measured. */
  folders: VolumeName[];
}

/** Bytes of a disk, and those of them that are free. */
export interface Room {
  totalBytes: number;
  freeBytes: number;
}

export interface DiskSpace extends Room {
  /** What each of the named volumes takes up; one that is not there, or too large to be measured in 20 s, is absent. */
  volumeBytes: Record<VolumeName, number>;
  /** The disks on which the folders lie, or will lie: absent where even the folder above is missing. */
  folders: Record<VolumeName, Room>;
}

/** `df -Pk` is POSIX; its line may not be broken. Prints `total free` of the current folder's disk, in KiB. */
const room = `df -Pk . | tail -n 1 | sed 's/^.*[^0-9]\\([0-9][0-9]*\\)  *[0-9][0-9]*  *\\([0-9][0-9]*\\)  *[0-9][0-9]*% .*$/\\1 \\2/'`;

/** `size <folder> <key>`: nothing when it is not there or takes too long. */
const size = `
size() {
  if [ ! -d "$1" ]; then return; fi
  kilobytes=$(timeout 20 du -sk "$1" 2>/dev/null | cut -f1) || kilobytes=
  if [ -n "$kilobytes" ]; then echo "$2=$kilobytes"; fi
}
`;

const volumesScript = `
set -eu
${size}
cd ${helperRoot}/volumes
echo "room=$(${room})"
for volume in "$@"; do size "$volume/_data" "volume/$volume"; done
`;

/** $1 the folder's name; $2 not empty: its size as well. */
const folderScript = `
set -eu
${size}
cd ${besideRoot}
if [ -n "$2" ]; then size "./$1" size; fi
if [ -d "./$1" ]; then cd "./$1"; fi
echo "room=$(${room})"
`;

/** Measures in helper containers: the worker may not see the engine's disk. `image` must hold `sh`. */
export async function measureDisk(
  docker: Docker,
  { platform, image, volumes, folders, ...watch }: DiskTask & Watch,
): Promise<DiskSpace> {
  const named = volumes.filter((volume) => !isFolder(volume));
  const task = { platform, image, script: volumesScript, arguments: named };
  const answers = answersOf(await runInspection(docker, task, watch), "Measuring the engine's disk");
  const volumeBytes = new Map(
    named.flatMap((volume) => {
      const kilobytes = answers.get(`volume/${volume}`);
      return kilobytes === undefined ? [] : [[volume, Number(kilobytes) * 1024] as const];
    }),
  );
  const rooms: Record<VolumeName, Room> = {};
  for (const folder of folders) {
    const measured = await measureFolder(docker, folder, { platform, image, sized: volumes.includes(folder), watch });
    if (measured === undefined) continue;
    rooms[folder] = measured.room;
    if (measured.bytes !== undefined) volumeBytes.set(folder, measured.bytes);
  }
  return { ...roomOf(answers), volumeBytes: Object.fromEntries(volumeBytes), folders: rooms };
}

async function measureFolder(
  docker: Docker,
  folder: VolumeName,
  { platform, image, sized, watch }: { platform: PlatformName; image: string; sized: boolean; watch: Watch },
): Promise<{ room: Room; bytes?: number } | undefined> {
  const task = { platform, image, script: folderScript, arguments: [posix.basename(folder), sized ? 'yes' : ''] };
  try {
    const result = await runInspection(docker, { ...task, beside: posix.dirname(folder) }, watch);
    const answers = answersOf(result, `Measuring the disk of ${folder}`);
    const kilobytes = answers.get('size');
    return { room: roomOf(answers), ...(kilobytes !== undefined && { bytes: Number(kilobytes) * 1024 }) };
  } catch (error) {
    if (isFolderMissing(error)) return undefined;
    throw error;
  }
}

function roomOf(answers: ReadonlyMap<string, string>): Room {
  const [total = Number.NaN, free = Number.NaN] = (answers.get('room') ?? '').split(' ').map(Number);
  return { totalBytes: total * 1024, freeBytes: free * 1024 };
}
