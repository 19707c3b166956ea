import type Docker from 'dockerode';
import type { PlatformName, VolumeName } from '../../domain/platform.ts';
import type { Watch } from '../../domain/watch.ts';
import { answersOf, helperRoot, runInspection } from './quarantine/helper.ts';

export interface DiskTask {
  /** For whom it is measured: by this its leftovers are found. */
  platform: PlatformName;
  image: string;
  volumes: VolumeName[];
}

export interface DiskSpace {
  /** Free for volumes, in bytes, where the engine keeps them. */
  freeBytes: number;
  /** What each of the named volumes takes up; one that is not there, or too large to be measured in 20 s, is absent. */
  volumeBytes: Record<VolumeName, number>;
}

/** `df -Pk` is POSIX; its line may not be broken. */
const script = `
set -eu
cd ${helperRoot}/volumes
echo "free=$(df -Pk . | tail -n 1 | sed 's/^.*[^0-9]\\([0-9][0-9]*\\)  *[0-9][0-9]*% .*$/\\1/')"
for volume in "$@"; do
  if [ -d "$volume/_data" ]; then
    kilobytes=$(timeout 20 du -sk "$volume/_data" 2>/dev/null | cut -f1) || kilobytes=
    if [ -n "$kilobytes" ]; then echo "volume/$volume=$kilobytes"; fi
  fi
done
`;

/** Measures in a helper container: the worker may not see the engine's disk. `image` must hold `sh`. */
export async function measureDisk(
  docker: Docker,
  { platform, image, volumes, ...watch }: DiskTask & Watch,
): Promise<DiskSpace> {
  const result = await runInspection(docker, { platform, image, script, arguments: volumes }, watch);
  const answers = answersOf(result, "Measuring the engine's disk");
  const bytes = (key: string) => Number(answers.get(key)) * 1024;
  const measured = volumes.filter((volume) => answers.has(`volume/${volume}`));
  return {
    freeBytes: bytes('free'),
    volumeBytes: Object.fromEntries(measured.map((volume) => [volume, bytes(`volume/${volume}`)])),
  };
}
