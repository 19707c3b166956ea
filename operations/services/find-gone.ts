import type { GoneSince, MadeByRun } from '../../domain/runs/repeat.ts';
import { isNode, observeHere, otherHosts } from '../hosts/observe-here.ts';
import type { OpenPlatform } from '../open-platform.ts';

/** What of a run's work somebody removed since, on whatever host. */
export async function findGone(open: OpenPlatform, made: MadeByRun): Promise<GoneSince> {
  const others = otherHosts(open).map((host) => open.ask(host, 'findGone', partOf(made, host)));
  const parts = await Promise.all([findGoneHere(open, partOf(made)), ...others]);
  return { steps: parts.flatMap(({ steps }) => steps), data: parts.some(({ data }) => data) };
}

/** A container that ended counts when it is one that should always run. */
export async function findGoneHere(open: OpenPlatform, made: MadeByRun): Promise<GoneSince> {
  if (isNode(open))
    return { steps: [], data: (await open.docker.presentVolumes(made.volumes)).length < made.volumes.length };
  const { containers: there } = await observeHere(open);
  const isGone = ({ name, restartPolicy }: MadeByRun['services'][number]['containers'][number]) => {
    const found = there.find((container) => container.name === name);
    return found === undefined || (!found.running && restartPolicy.name !== 'no');
  };
  const steps = made.services.filter(({ containers }) => containers.some(isGone)).map(({ step }) => step);
  const volumes = steps.length === 0 ? made.volumes : await open.docker.presentVolumes(made.volumes);
  return { steps, data: volumes.length < made.volumes.length };
}

function partOf({ platform, services, volumes, volumesElsewhere }: MadeByRun, host?: string): MadeByRun {
  return {
    platform,
    services: services.filter((service) => service.host === host),
    volumes: host === undefined ? volumes : (volumesElsewhere?.[host] ?? []),
  };
}
