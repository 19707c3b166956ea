import type Docker from 'dockerode';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Failure } from '../../domain/failures.ts';
import type { PlatformName } from '../../domain/platform.ts';
import { ifThere } from '../docker/failures.ts';
import { removeScratch } from '../docker/side-containers/scratch-container.ts';
import { scratchMarks } from '../docker/side-containers/scratch-marks.ts';
import type { Pieces } from '../streams/pieces.ts';

/** A volume by its name, or a folder of the host by its absolute path. */
export interface ArchivedPlace {
  platform: PlatformName;
  place: string;
  /** Any image that is on the host, by id: nothing of it runs. */
  image: string;
}

const target = '/rekindle-data';
/** What takes longer is a leftover of a dead worker. */
const limitSeconds = 24 * 3600;

/**
 * The content of a volume or folder as a tar archive, made by the engine itself: through a container that is never started, so
 * that no image needs a tool. Numeric owners, modes and links are kept; what changes meanwhile may be of either moment. Failures:
 * VolumeRefused when it is not there.
 */
export async function* archiveOf(docker: Docker, place: ArchivedPlace): AsyncGenerator<Uint8Array> {
  const name = await createHelper(docker, place, true);
  try {
    const stream = await docker.getContainer(name).getArchive({ path: `${target}/.` });
    yield* stream as AsyncIterable<Uint8Array>;
  } finally {
    await removeScratch(docker, name);
  }
}

/**
 * Unpacks an archive of `archiveOf` into a volume or folder, which is empty beforehand: what is there already and in no archive
 * stays. When it throws, half of it may be there. Failures: VolumeRefused; what the pieces throw.
 */
export async function unpackInto(docker: Docker, place: ArchivedPlace, pieces: Pieces): Promise<void> {
  const name = await createHelper(docker, place, false);
  const source = Readable.from(pieces, { objectMode: false });
  // The request only says that it was cut off.
  const broken = new Promise<never>((_, reject) => source.once('error', reject));
  broken.catch(() => undefined);
  try {
    await Promise.race([docker.getContainer(name).putArchive(source, { path: target }), broken]);
  } finally {
    source.destroy();
    await removeScratch(docker, name);
  }
}

async function createHelper(
  docker: Docker,
  { platform, place, image }: ArchivedPlace,
  readOnly: boolean,
): Promise<string> {
  const isFolder = place.startsWith('/');
  // The engine would make a volume that is missing, and the backup be an empty one.
  if (!isFolder && (await ifThere(docker.getVolume(place).inspect())) === undefined)
    throw new Failure('VolumeRefused', {
      message: `The volume ${place} is not on this host`,
      remedy: 'Correct its name in the platform file ("docker volume ls" shows those that are there)',
    });
  const name = `rekindle-archive-${platform.toLowerCase()}-${randomBytes(4).toString('hex')}`;
  await docker.createContainer({
    name,
    Image: image,
    Cmd: ['never-started'],
    Labels: scratchMarks(platform, name, limitSeconds),
    NetworkDisabled: true,
    HostConfig: {
      Mounts: [{ Type: isFolder ? 'bind' : 'volume', Source: place, Target: target, ReadOnly: readOnly }],
    },
  });
  return name;
}
