import { failed, passed, type Check } from '../../domain/checks.ts';
import { storesOfKind } from '../../domain/platform.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { createdFromCapture } from '../../domain/plans/restore-steps/members.ts';
import { helperImage } from '../../domain/plans/restore-steps/situation.ts';
import type { DockerEngine } from '../../systems/docker/engine.ts';
import { observe } from '../observation.ts';

interface Image {
  reference: string;
  digest: string;
}

/** Those of containers that will be created, of the helper that moves volumes, and of containers that rebuild stores. */
export function imagesNeeded(situation: RestoreSituation): Image[] {
  const { platform } = situation;
  // Of one host: one without data services moves no volume.
  const { data } = platform.deployment;
  const images = createdFromCapture(situation).map(({ image }) => image);
  const digests = new Set(images.map(({ digest }) => digest));
  const named = [
    ...(data.length > 0 ? [helperImage(situation)] : []),
    ...storesOfKind(platform, 'container').flatMap(({ image, service }) => (data.includes(service) ? [image] : [])),
  ];
  // An image of the capture is kept as it is there: by its reference it may be pulled, by its id it may not.
  for (const image of named) if (!digests.has(image)) images.push({ reference: image, digest: image });
  return [...new Map(images.map((image) => [image.digest, image])).values()];
}

/** Pulls what must be pulled now: once the old containers are gone it would be too late to find out. */
export async function checkImages(
  docker: Pick<DockerEngine, 'ensureImage'>,
  situation: RestoreSituation,
  signal?: AbortSignal,
): Promise<Check> {
  const images = imagesNeeded(situation);
  const observed = await Promise.all(images.map((image) => observe(() => docker.ensureImage(image, { signal }))));
  const faults = observed.flatMap((image) => ('failure' in image ? [image.failure] : []));
  if (faults.length > 0)
    return failed(
      'images',
      `${faults.length} of ${images.length} are missing: ${faults.map(({ message }) => message).join('; ')}`,
      faults.map(({ remedy }) => remedy).join('; '),
    );
  return passed(
    'images',
    `${images.length} of ${images.length} are present: ${images.map((one) => one.reference).join(', ')}`,
  );
}
