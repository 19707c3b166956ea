import type { VolumeInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import type { CapturedVolume } from '../../domain/deployment.ts';
import { Failure } from '../../domain/failures.ts';
import { isFolder } from '../../domain/mounts.ts';
import type { HostName, VolumeName } from '../../domain/platform.ts';
import { usersOf } from './containers.ts';
import { ifThere, statusOf, unless } from './failures.ts';

export type Volume = VolumeInspectInfo & { CreatedAt?: string };

export async function findVolume(docker: Docker, name: VolumeName): Promise<Volume | undefined> {
  return ifThere(docker.getVolume(name).inspect());
}

/** Those of them that are on the engine. A folder counts as present: an empty one takes its place when it is set aside. */
export async function presentVolumes(docker: Docker, names: VolumeName[]): Promise<VolumeName[]> {
  const found = await Promise.all(names.map(async (name) => isFolder(name) || (await findVolume(docker, name))));
  return names.filter((_name, index) => found[index]);
}

export function hasOptions({ Options }: Volume): boolean {
  return Object.keys(Options ?? {}).length > 0;
}

/** The body that creates such a volume again. */
export function volumeBody({ Name, Driver, Options, Labels }: Volume, host: HostName): CapturedVolume {
  // The engine hands out labels as null when there are none.
  const labels = Labels as Volume['Labels'] | null;
  return { name: Name, host, create: { Name, Driver, DriverOpts: Options ?? {}, Labels: labels ?? {} } };
}

/** Creates the volume unless one of its name is there, whatever it holds. */
export async function createVolume(docker: Docker, { name, create }: CapturedVolume): Promise<{ created: boolean }> {
  if ((await findVolume(docker, name)) !== undefined) return { created: false };
  return { created: await unless([409], docker.createVolume({ ...create, Name: name })) };
}

/** Failures: `VolumeRefused` when containers, running or not, still mount it. */
export async function removeVolume(docker: Docker, name: VolumeName): Promise<{ removed: boolean }> {
  try {
    return { removed: await unless([404], docker.getVolume(name).remove()) };
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    const users = await usersOf(docker, name, 'all');
    throw new Failure(
      'VolumeRefused',
      {
        message: `Volume ${name} was not removed: it is used by ${users.join(', ') || 'a container'}`,
        remedy: `Remove these containers first (docker rm ${users.join(' ')}), then retry`,
      },
      { cause: error },
    );
  }
}
