import type Docker from 'dockerode';
import type { SeenService, Survey } from '../../../domain/init/seen.ts';
import { unitOf } from '../../../domain/swarm.ts';
import { listAll } from '../containers.ts';
import { mountsOfSpec } from '../swarm/container-body.ts';
import { networkNames } from '../swarm/platform.ts';
import { listServices, stackLabel, type ContainerSpec, type ServiceSpec } from '../swarm/service.ts';
import { isStopped } from '../swarm/stopped-mark.ts';
import { taskContainersOf } from '../swarm/tasks.ts';
import { environmentOf, healthOf, volumesOf } from './service.ts';

/** The services of the swarm; those whose stack is another one are named `stack/service`. */
export async function surveyStack(docker: Docker, stack: string): Promise<Survey> {
  const [services, networks, containers] = await Promise.all([
    listServices(docker),
    docker.listNetworks(),
    listAll(docker),
  ]);
  const seen = services.map(({ Spec }) => {
    const runsHere = taskContainersOf(Spec.Name, containers).some(({ State }) => State === 'running');
    const owner = Spec.Labels?.[stackLabel];
    const name = owner === undefined ? '' : Spec.Name.replace(`${owner}_`, '');
    return {
      owner,
      spec: Spec,
      service: seenService(Spec, {
        service: owner === undefined ? '' : owner === stack ? name : `${owner}/${name}`,
        networks: networkNames(Spec, networks),
        // Its name stands for the container of its newest task.
        ...(runsHere && { container: unitOf(Spec.Name) }),
      }),
    };
  });
  const byName = (a: SeenService, b: SeenService) => (a.service < b.service ? -1 : 1);
  return {
    services: seen.flatMap(({ owner, service }) => (owner === stack ? [service] : [])).toSorted(byName),
    others: seen
      .flatMap(({ owner, service }) => (owner === stack || owner === undefined ? [] : [service]))
      .toSorted(byName),
    nameless: seen.flatMap(({ owner, spec, service }) =>
      owner === undefined ? [{ container: spec.Name, networks: service.networks }] : [],
    ),
  };
}

function seenService(spec: ServiceSpec, known: Pick<SeenService, 'service' | 'container' | 'networks'>): SeenService {
  const container = (spec.TaskTemplate.ContainerSpec ?? {}) as Partial<ContainerSpec> & {
    Env?: string[];
    Healthcheck?: { Test?: string[] };
  };
  const endpoint = spec['EndpointSpec'] as { Ports?: { Protocol?: string; TargetPort: number }[] } | undefined;
  const mounts = mountsOfSpec(spec);
  return {
    ...known,
    image: container.Image ?? '',
    running: !isStopped(spec),
    finished: spec.Mode.ReplicatedJob !== undefined || spec.Mode.GlobalJob !== undefined,
    ...environmentOf(container.Env),
    ports: (endpoint?.Ports ?? []).filter(({ Protocol = 'tcp' }) => Protocol === 'tcp').map((port) => port.TargetPort),
    mounts: mounts.map(({ destination }) => destination),
    volumes: volumesOf(mounts),
    // A Swarm secret's value is nowhere on a host.
    secretFiles: Object.fromEntries((container.Secrets ?? []).map(({ SecretName }) => [SecretName, undefined])),
    dependsOn: [],
    ...healthOf(container.Healthcheck?.Test),
  };
}
