import type { GoneSince, MadeByRun } from '../../domain/runs/repeat.ts';
import type { OpenPlatform } from '../open-platform.ts';

/** What of a run's work somebody removed since. A container that ended counts when it is one that should always run. */
export async function findGone({ docker, platform, host }: OpenPlatform, made: MadeByRun): Promise<GoneSince> {
  const { containers: there } = await docker.observe(platform.deployment, host);
  const isGone = ({ name, restartPolicy }: MadeByRun['services'][number]['containers'][number]) => {
    const found = there.find((container) => container.name === name);
    return found === undefined || (!found.running && restartPolicy.name !== 'no');
  };
  const steps = made.services.filter(({ containers }) => containers.some(isGone)).map(({ step }) => step);
  const volumes = steps.length === 0 ? made.volumes : await docker.presentVolumes(made.volumes);
  return { steps, data: volumes.length < made.volumes.length };
}
