import type { Plan } from '../../domain/plans/plan.ts';
import type { MovedInput } from '../../domain/runs/run.ts';
import { volumesByHost } from '../../domain/runs/volumes-by-host.ts';

/** What the plan sets aside, for people, and the images that do it, by host where it is not the platform's own. */
export function asidesOf({ steps }: Plan) {
  const asides = steps.flatMap((step) => (step.action === 'quarantineVolume' ? [step] : []));
  const images = asides.flatMap(({ host, arguments: { image } }) =>
    host === undefined ? [] : [[host, image] as const],
  );
  return {
    volumes: asides.map(({ host, arguments: { volume } }) => (host === undefined ? volume : `${volume} on ${host}`)),
    image: asides.find(({ host }) => host === undefined)?.arguments.image,
    images: images.length > 0 ? Object.fromEntries(images) : undefined,
  };
}

export function movedOf(plan: Plan): Pick<MovedInput, 'volumes' | 'volumesElsewhere'> {
  const { here, elsewhere } = volumesByHost(plan.volumes);
  return { volumes: here, ...(elsewhere && { volumesElsewhere: elsewhere }) };
}
