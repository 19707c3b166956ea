import type Docker from 'dockerode';
import { Failure } from '../../../domain/failures.ts';
import type { Watch } from '../../../domain/watch.ts';
import { ownLabel, usersOf } from '../containers.ts';
import { answersOf, besideRoot, isFolderMissing, runHelper } from './helper.ts';

export interface EmptyTask extends Watch {
  /** A bind-mounted folder, by its absolute path on the host. */
  folder: string;
  run: string;
  image: string;
}

export const emptyScript = `
set -eu
cd ${besideRoot}
rm -rf ./* ./.[!.]* ./..?*
`;

/** Deletes what a folder holds; the folder stays. Failure: VolumeRefused (running containers use it, something is busy). */
export async function emptyFolder(docker: Docker, { folder, run, image, ...watch }: EmptyTask): Promise<void> {
  const users = await usersOf(docker, folder, 'running');
  if (users.length > 0)
    throw new Failure('VolumeRefused', {
      message: `The folder ${folder} was not emptied: running containers use it: ${users.join(', ')}`,
      remedy: `Stop them first: docker stop ${users.join(' ')}`,
    });
  const task = { labels: { [ownLabel]: run }, image, script: emptyScript, arguments: [], beside: folder };
  try {
    answersOf(await runHelper(docker, task, watch), `Emptying the folder ${folder}`);
  } catch (error) {
    if (!isFolderMissing(error)) throw error;
  }
}
