import { failed, passed, warned, type Check } from '../checks.ts';
import { contains } from '../mounts.ts';
import type { VolumePlace } from './expected.ts';

/** Whether the folder can be backed up; and, as warnings, what would hinder its restore. */
export const volumeChecks = (store: string, place: VolumePlace): Check[] => checks(store, place, warned);

/** Whether the folder can take what a recovery point holds; before anything is touched. */
export const volumeRestoreChecks = (store: string, place: VolumePlace): Check[] => checks(store, place, failed);

/** `hinder`: what becomes of it when a restore could not be carried out. */
function checks(store: string, { folder, mounts, swarm }: VolumePlace, hinder: typeof failed): Check[] {
  const name = `volume ${store}`;
  const below = mounts.filter((mount) => mount !== folder && contains(folder, mount));
  if (!mounts.some((mount) => contains(mount, folder)))
    return [
      failed(
        name,
        `No volume or folder of the host is mounted at ${folder}, to be written to: it is gone with the container`,
        `Mount a volume there, or correct "path" of the store "${store}" in the platform file`,
      ),
    ];
  if (below.length > 0)
    return [
      failed(
        name,
        `Below ${folder} another volume or folder is mounted: ${below.join(', ')}`,
        `Give each of them a store of its own, and "path" of the store "${store}" a folder without the others`,
      ),
    ];
  if (swarm)
    return [
      hinder(
        name,
        'It belongs to a task of a Swarm service, which starts another container when this one is stopped',
        'Run the service with Docker Compose, or restore it by hand (docs/volumes.md)',
      ),
    ];
  return [passed(name, `${folder} lies in a volume or folder of the host`)];
}
