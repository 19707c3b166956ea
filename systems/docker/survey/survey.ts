import type { ContainerInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import type { SeenPlace, Survey } from '../../../domain/init/seen.ts';
import { listAll, projectLabel, serviceLabel } from '../containers.ts';
import { ifThere } from '../failures.ts';
import { surveyStack } from './stack.ts';
import { serviceOfContainers } from './service.ts';

/** All that runs, as a platform file would name it from the place's point of view. Failure: ServiceNotFound (no swarm). */
export async function survey(docker: Docker, place: SeenPlace): Promise<Survey> {
  return place.kind === 'compose' ? surveyProject(docker, place.project) : surveyStack(docker, place.stack);
}

async function surveyProject(docker: Docker, project: string): Promise<Survey> {
  const all = await listAll(docker);
  const inspected = await Promise.all(all.map(({ Id }) => ifThere(docker.getContainer(Id).inspect())));
  const containers = inspected.filter((one) => one !== undefined).filter((one) => !isOneOff(one));
  const byName = new Map<string, ContainerInspectInfo[]>();
  for (const container of containers) {
    const { [projectLabel]: owner, [serviceLabel]: service } = container.Config.Labels;
    const nameless = owner === undefined || service === undefined;
    const name = nameless ? '' : owner === project ? service : `${owner}/${service}`;
    byName.set(name, [...(byName.get(name) ?? []), container]);
  }
  const seen = [...byName]
    .filter(([name]) => name !== '')
    .flatMap(([name, members]) => serviceOfContainers(name, members) ?? [])
    .toSorted((a, b) => (a.service < b.service ? -1 : 1));
  return {
    services: seen.filter(({ service }) => !service.includes('/')),
    others: seen.filter(({ service }) => service.includes('/')),
    nameless: (byName.get('') ?? []).flatMap((container) => {
      const one = container.State.Running ? serviceOfContainers('', [container]) : undefined;
      return one ? [{ container: one.container ?? '', networks: one.networks }] : [];
    }),
  };
}

const isOneOff = ({ Config }: ContainerInspectInfo) =>
  Config.Labels['com.docker.compose.oneoff']?.toLowerCase() === 'true';
