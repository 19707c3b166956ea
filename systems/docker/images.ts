import type Docker from 'dockerode';
import { heldTag } from '../../domain/archives/held-tag.ts';
import { Failure } from '../../domain/failures.ts';
import type { CapturedContainer } from '../../domain/deployment.ts';
import { ifThere, statusOf, wordsOf } from './failures.ts';
import { elasticsearchVersionOf, repositoryOf, tagOf } from './image-version.ts';
import type { Watch } from '../../domain/watch.ts';

type CapturedImage = CapturedContainer['image'];

/** The digest under which a registry knows the image, that of the reference's own repository first; else its id. */
export async function identify(docker: Docker, reference: string, imageId: string): Promise<CapturedImage> {
  const image = await ifThere(docker.getImage(imageId).inspect());
  const digests = (image?.RepoDigests as string[] | null | undefined) ?? [];
  const own = digests.find((digest) => repositoryOf(digest) === repositoryOf(reference));
  return { reference, digest: own ?? digests[0] ?? imageId };
}

/**
 * Makes sure that the image is here, pulling it when it is not, and returns the name under which to use it: its
 * reference when that stands for this very image (Compose compares), else its digest or id.
 * Failures: `ImageMissing`.
 */
export async function ensureImage(docker: Docker, image: CapturedImage, watch: Watch = {}): Promise<string> {
  const { reference, digest } = image;
  let found = await findImage(docker, digest);
  if (found === undefined) {
    // Only a repository's digest can be pulled; an id is found under the reference, if anywhere.
    await pull(docker, digest.includes('@') ? digest : reference, image, watch);
    found = await findImage(docker, digest);
    if (found === undefined) throw missing(image, 'the registry holds another image under that name');
  }
  const tagged = await ifThere(docker.getImage(reference).inspect());
  const tag = tagOf(reference);
  if (tagged === undefined && tag !== undefined) {
    await addTag(docker, found.id, tag);
    return reference;
  }
  return tagged?.Id === found.id ? reference : found.name;
}

/** `name`: what else it may be used by. Undefined: it is not here. */
export async function findImage(docker: Docker, digest: string): Promise<{ id: string; name: string } | undefined> {
  const known = await ifThere(docker.getImage(digest).inspect());
  if (known) return { id: known.Id, name: digest };
  const held = heldTag(digest);
  const loaded = held === undefined ? undefined : await ifThere(docker.getImage(held).inspect());
  return loaded && { id: loaded.Id, name: loaded.Id };
}

/** `tag`: as of `tagOf`. */
export async function addTag(docker: Docker, id: string, tag: string): Promise<void> {
  const repo = repositoryOf(tag);
  await docker.getImage(id).tag({ repo, tag: tag.slice(repo.length + 1) });
}

/** Elasticsearch's version, as far as the image says it. */
export async function imageVersion(docker: Docker, { reference, digest }: CapturedImage): Promise<string | undefined> {
  const found = await findImage(docker, digest);
  const image = await ifThere(docker.getImage(found?.name ?? reference).inspect());
  const labels = (image?.Config.Labels as Record<string, string> | null | undefined) ?? {};
  return elasticsearchVersionOf(reference, labels);
}

async function pull(docker: Docker, name: string, image: CapturedImage, { signal, onProgress }: Watch): Promise<void> {
  try {
    const stream = await docker.pull(name, { abortSignal: signal });
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        (stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', stop, { once: true });
      docker.modem.followProgress(
        stream,
        (error) => {
          signal?.removeEventListener('abort', stop);
          if (error) reject(error);
          else resolve();
        },
        ({ status }: { status?: string }) =>
          onProgress?.({ done: 0, total: 0, unit: 'bytes', note: `${name}: ${status ?? ''}` }),
      );
    });
  } catch (error) {
    signal?.throwIfAborted();
    // An engine that is away is a different case: its errors have a code and no status.
    if (statusOf(error) === undefined && (error as { code?: unknown }).code !== undefined) throw error;
    throw missing(image, wordsOf(error), error);
  }
}

function missing({ reference, digest }: CapturedImage, why: string, cause?: unknown): Failure {
  return new Failure(
    'ImageMissing',
    {
      message: `Image ${reference} (${digest}) is not on this host and could not be pulled: ${why}`,
      remedy: `Make it available here (docker pull ${digest.includes('@') ? digest : reference}, docker load, or docker login first), then retry`,
    },
    { cause },
  );
}
