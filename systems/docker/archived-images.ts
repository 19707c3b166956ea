import type Docker from 'dockerode';
import type { Readable } from 'node:stream';
import type { ArchivedImage } from '../../domain/archives/archive.ts';
import { heldTag } from '../../domain/archives/held-tag.ts';
import { Failure } from '../../domain/failures.ts';
import { ifThere, isUnreachable, wordsOf } from './failures.ts';
import { tagOf } from './image-version.ts';
import { addTag, findImage } from './images.ts';

// Images as the engine itself writes and reads them (`docker save`, `docker load`), so that an archive needs no registry.

/** The image as an archive names it; undefined: it is not on this engine. */
export async function archivedImage(
  docker: Docker,
  { reference, digest }: Pick<ArchivedImage, 'reference' | 'digest'>,
): Promise<ArchivedImage | undefined> {
  const found = await findImage(docker, digest);
  if (found === undefined) return undefined;
  const { id } = found;
  const tag = tagOf(reference);
  const isTagged = tag !== undefined && (await idOf(docker, tag)) === id;
  return { reference, digest, id, ...(isTagged && { tag }) };
}

/** All in one stream, so that layers which they share come once. Failures: those of the engine, also in the middle. */
export async function saveImages(
  docker: Docker,
  images: readonly ArchivedImage[],
  signal?: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const client = docker as unknown as Saving;
  // By its id an image comes without any name.
  const names = [...new Set(images.map(({ id, tag }) => tag ?? id))];
  return untilItsEnd(await client.getImages({ names, ...(signal && { abortSignal: signal }) }));
}

/** Missing in the published types. */
interface Saving {
  getImages: (options: { names: string[]; abortSignal?: AbortSignal }) => Promise<Readable>;
}

/** What an engine has to say once it has begun comes after the images, in the same stream. */
async function* untilItsEnd(stream: Readable): AsyncGenerator<Uint8Array, void> {
  let last: Uint8Array = new Uint8Array();
  try {
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      last = Buffer.concat([last, piece.subarray(-tarEndBytes)]).subarray(-tarEndBytes);
      yield piece;
    }
  } catch (error) {
    throw brokenOff(wordsOf(error), error);
  } finally {
    stream.destroy();
  }
  if (last.length < tarEndBytes || last.some((byte) => byte !== 0))
    throw brokenOff(errorIn(Buffer.from(last).toString()) ?? 'its end is missing');
}

const tarEndBytes = 1024;

function brokenOff(why: string, cause?: unknown): Failure {
  return new Failure(
    'DockerUnreachable',
    {
      message: `The Docker engine broke off its export of the images: ${why}`,
      remedy: 'Export again; the log of the engine says more',
    },
    { cause },
  );
}

/** What is here already, and the tags under which there is another image. */
export async function compareImages(
  docker: Docker,
  images: readonly ArchivedImage[],
): Promise<{ missing: ArchivedImage[]; taken: string[] }> {
  const missing: ArchivedImage[] = [];
  const taken: string[] = [];
  for (const image of images) {
    if ((await idOf(docker, image.id)) === undefined) missing.push(image);
    if (image.tag === undefined) continue;
    const present = await idOf(docker, image.tag);
    if (present !== undefined && present !== image.id) taken.push(image.tag);
  }
  return { missing, taken };
}

/** Loads what `saveImages` gave. Failures: `ImageMissing`, with the engine's own words; DiskFull. */
export async function loadImages(docker: Docker, tar: Readable): Promise<void> {
  try {
    const answer = (await docker.loadImage(tar, { quiet: 1 })) as AsyncIterable<Uint8Array> & NodeJS.ReadableStream;
    let text = '';
    for await (const piece of answer) text = (text + Buffer.from(piece).toString()).slice(-mostAnswer);
    const said = errorIn(text);
    // As what an engine refuses with a status: whether its disk is full is seen by it.
    if (said !== undefined) throw Object.assign(new Error(said), { statusCode: 500 });
  } catch (error) {
    if (isUnreachable(error)) throw error;
    throw notLoaded(wordsOf(error), error);
  }
}

/** Characters; of a few images it is some lines. */
const mostAnswer = 64 * 1024;

/** Of lines of JSON: what the engine says went wrong. */
function errorIn(text: string): string | undefined {
  const [, words] = /"error"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text) ?? [];
  return words === undefined ? undefined : (JSON.parse(words) as string);
}

/** Each image is here and has its names, that of its registry's digest as well. Failure: `ImageMissing`. */
export async function confirmImages(docker: Docker, images: readonly ArchivedImage[]): Promise<void> {
  for (const { reference, digest, id, tag } of images) {
    if ((await idOf(docker, id)) === undefined)
      throw notLoaded(
        `it does not have ${reference} as ${id} now; an engine that keeps images in another way than the exporting one gives them other ids`,
      );
    const held = (await findImage(docker, digest)) === undefined ? heldTag(digest) : undefined;
    for (const name of [tag, held])
      if (name !== undefined && (await idOf(docker, name)) === undefined) await addTag(docker, id, name);
  }
}

async function idOf(docker: Docker, name: string): Promise<string | undefined> {
  return (await ifThere(docker.getImage(name).inspect()))?.Id;
}

function notLoaded(why: string, cause?: unknown): Failure {
  return new Failure(
    'ImageMissing',
    {
      message: `The Docker engine did not load the images of the archive: ${why}`,
      remedy: 'Correct that and import again, which goes on with what is missing; or import without --images',
    },
    { cause },
  );
}
