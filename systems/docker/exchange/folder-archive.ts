import type Docker from 'dockerode';
import { Readable } from 'node:stream';

// A folder of a container as a tar archive, read and written by the engine itself, so that no image needs a tool. Numeric owners,
// modes and links are kept; what is written meanwhile may be of either moment.

/** Failures: those of the engine, 404 when the folder is not there. */
export async function* folderArchive(
  docker: Docker,
  name: string,
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const stream = (await docker.getContainer(name).getArchive({ path: `${path}/.` })) as Readable;
  const end = () => stream.destroy(signal?.reason as Error);
  signal?.addEventListener('abort', end);
  try {
    signal?.throwIfAborted();
    yield* stream as AsyncIterable<Uint8Array>;
  } finally {
    signal?.removeEventListener('abort', end);
    stream.destroy();
  }
}

/** Into a folder that is there. When it throws, half of it may be in it. Failures: those of the engine; what the pieces throw. */
export async function unpackFolder(
  docker: Docker,
  name: string,
  path: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  const source = Readable.from(pieces, { objectMode: false });
  // The request only says that it was cut off.
  const broken = new Promise<never>((_, reject) => source.once('error', reject));
  broken.catch(() => undefined);
  try {
    await Promise.race([docker.getContainer(name).putArchive(source, { path }), broken]);
  } finally {
    source.destroy();
  }
}
