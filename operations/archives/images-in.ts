import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { placeOf, type ArchiveHeader } from '../../domain/archives/archive.ts';
import { Failure } from '../../domain/failures.ts';
import type { ArchiveContent } from '../../systems/archives/read-archive.ts';
import type { DockerEngine } from '../../systems/docker/engine.ts';

/** The engine that gets the images of an archive. */
export type ImagesTarget = Pick<DockerEngine, 'address' | 'ping' | 'compareImages' | 'loadImages' | 'confirmImages'>;

/**
 * Whether something is to be loaded: false when the engine has all images already. Failure: ArchiveRefused, also when a name
 * would be moved from one image to another.
 */
export async function mustLoad(docker: ImagesTarget, { images }: ArchiveHeader): Promise<boolean> {
  if (images === undefined)
    throw new Failure('ArchiveRefused', {
      message: 'Nothing was imported: the archive holds no images',
      remedy: 'Import without --images, or export the recovery point with --with-images',
    });
  const { missing, taken } = await docker.compareImages(images);
  const [name] = taken;
  if (name === undefined) return missing.length > 0;
  throw new Failure('ArchiveRefused', {
    message: `Nothing was imported: the Docker engine at ${docker.address} has other images under the names ${taken.join(', ')}`,
    remedy: `Give them other names (docker tag ${name} other:name, then docker rmi ${name}), or import without --images`,
  });
}

/** A load that gets its stream entry by entry, while the archive is read. */
export interface OpenLoad {
  /** Waits where the engine is slower, and after the last entry until it has loaded all. Failure: what the engine said. */
  take: (content: AsyncIterable<Uint8Array>) => Promise<void>;
  /** The engine gets a stream that is cut off. */
  cancel: (reason: Error) => void;
}

export function openLoad(docker: ImagesTarget, { entries }: Pick<ArchiveContent<unknown>, 'entries'>): OpenLoad {
  let left = [...entries.keys()].filter((name) => placeOf(name)?.kind === 'image').length;
  const body = new PassThrough();
  // Who writes or ends meets the engine's answer.
  body.on('error', () => undefined);
  let answered = false;
  const load = docker.loadImages(body).finally(() => {
    answered = true;
    // Nobody reads any more: who waits for that must not wait for ever.
    body.emit('drain');
  });
  load.catch(() => undefined);
  return {
    async take(content) {
      for await (const piece of content) {
        // An engine may know enough before the last bytes, which only fill the tar up.
        if (answered) await load;
        else if (!body.write(piece)) await once(body, 'drain');
      }
      left -= 1;
      if (left > 0) return;
      body.end();
      await load;
    },
    cancel: (reason) => void body.destroy(reason),
  };
}
