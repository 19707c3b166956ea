import type Docker from 'dockerode';
import { Failure } from '../../../domain/failures.ts';
import { isFolder } from '../../../domain/mounts.ts';
import type { VolumeName } from '../../../domain/platform.ts';
import { ownLabel } from '../containers.ts';
import { adoptScript } from './adopt-script.ts';
import { answersOf, runHelper } from './helper.ts';
import { accept, inventoryOf, quarantineFolder, type Inventory, type QuarantineTask } from './quarantine.ts';

export interface AdoptTask extends QuarantineTask {
  /** The volume that has the data; it stays, with an empty folder. */
  from: VolumeName;
}

export interface Adopted {
  outcome: 'moved' | 'already there';
  /** Of what was moved, taken before the rename; absent when it could not be taken within 20 s. */
  inventory?: Inventory;
}

/**
 * Makes the data of one volume that of another by a rename, once the run has set aside what that one held. Done before: nothing is renamed
 * again, whatever has been written since. Failures: `VolumeRefused` (a folder, not local, has options, in use, not there, own data not
 * set aside, not empty).
 */
export async function adoptVolume(docker: Docker, task: AdoptTask): Promise<Adopted> {
  const { volume, from, run, image } = task;
  const folder = [volume, from].find(isFolder);
  if (folder !== undefined)
    throw new Failure('VolumeRefused', {
      message: `The folder ${folder} was left as it is: data is only brought from one volume into another`,
      remedy: 'Restore in place: leave out --beside',
    });
  await accept(docker, volume);
  await accept(docker, from);
  const result = await runHelper(
    docker,
    { labels: { [ownLabel]: run }, image, script: adoptScript, arguments: [quarantineFolder(run), volume, from] },
    task,
  );
  const answers = answersOf(result, `Bringing the data of ${from} to ${volume}`);
  const inventory = inventoryOf(answers);
  return {
    outcome: answers.get('state') === 'moved' ? 'moved' : 'already there',
    ...(inventory && { inventory }),
  };
}
