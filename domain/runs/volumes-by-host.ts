import type { HostName, VolumeName } from '../platform.ts';

/** By host, next to the platform's own. */
export type VolumesElsewhere = Record<HostName, VolumeName[]>;

/** Those of the platform's own host, which names none, and those of the others. */
export function volumesByHost(volumes: readonly { name: VolumeName; host?: HostName | undefined }[]): {
  here: VolumeName[];
  elsewhere?: VolumesElsewhere;
} {
  const here: VolumeName[] = [];
  const elsewhere: VolumesElsewhere = {};
  for (const { name, host } of volumes) {
    if (host === undefined) here.push(name);
    else (elsewhere[host] ??= []).push(name);
  }
  return { here, ...(Object.keys(elsewhere).length > 0 && { elsewhere }) };
}
