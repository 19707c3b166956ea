import type Docker from 'dockerode';
import type { CapturedConfig, CapturedContainer, DeploymentCapture } from '../../../domain/deployment.ts';
import { placeOfDeployment } from '../../../domain/deployment-place.ts';
import type { HostName, SwarmDeployment } from '../../../domain/platform.ts';
import type { NodeAsked } from '../../../domain/swarm-nodes.ts';
import { namedServices, serviceOfUnit, unitOf } from '../../../domain/swarm.ts';
import { readMountedFiles } from '../capture/captured-files.ts';
import { ifThere } from '../failures.ts';
import { identify } from '../images.ts';
import { networkBody } from '../networks.ts';
import { findVolume, volumeBody } from '../volumes.ts';
import { containerBody, mountsOfSpec, volumesOfSpec } from './container-body.ts';
import { networksOfServices, policyOf, servicesOfPlatform, volumeNamesOf } from './platform.ts';
import { portableSpec } from './portable-spec.ts';
import { listServices, type SwarmService } from './service.ts';
import { isStopped, replicasOf } from './stopped-mark.ts';
import { serviceNameLabel, taskContainers } from './tasks.ts';
import { listAll } from '../containers.ts';

/**
 * All that is needed to create the platform's services again. Secrets are in it by name only; the content of configs is,
 * and so are environment values: keep it encrypted.
 */
export async function captureServices(
  docker: Docker,
  deployment: SwarmDeployment,
  host: HostName,
  signal?: AbortSignal,
): Promise<DeploymentCapture> {
  const services = servicesOfPlatform(deployment, await listServices(docker));
  const networks = networksOfServices(services, await docker.listNetworks());
  signal?.throwIfAborted();
  const volumes = await Promise.all(
    (await volumeNamesOf(docker, deployment, services)).map((name) => findVolume(docker, name)),
  );
  const known = namedServices(deployment);
  const { files, leftOut } = await readFiles(
    docker,
    services.map(({ Spec }) => Spec.Name),
    (service) => deployment.data.includes(known.get(service) ?? ''),
  );
  signal?.throwIfAborted();
  const containers = await Promise.all(
    services.map((service) =>
      captureService(docker, deployment, service, new Map(networks.map((n) => [n.Id, n.Name]))),
    ),
  );
  const configs = await captureConfigs(docker, containers);
  return {
    version: 1,
    takenAt: new Date().toISOString(),
    host,
    project: placeOfDeployment(deployment),
    containers,
    networks: networks.map(networkBody),
    volumes: volumes.filter((volume) => volume !== undefined).map((volume) => volumeBody(volume, host)),
    files,
    ...(leftOut.length > 0 ? { leftOut } : {}),
    ...(configs.length > 0 ? { configs } : {}),
  };
}

/** A node's part: its volumes, and the files that tasks mount there. Its engine knows no services. */
export async function captureNode(
  docker: Docker,
  { units, volumes }: Pick<NodeAsked, 'units' | 'volumes'>,
  host: HostName,
): Promise<DeploymentCapture> {
  const found = await Promise.all(volumes.map((name) => findVolume(docker, name)));
  const services = units.map(({ name }) => serviceOfUnit(name) ?? name);
  const { files, leftOut } = await readFiles(docker, services, () => true);
  return {
    version: 1,
    takenAt: new Date().toISOString(),
    host,
    project: '',
    containers: [],
    networks: [],
    volumes: found.filter((volume) => volume !== undefined).map((volume) => volumeBody(volume, host)),
    files,
    ...(leftOut.length > 0 ? { leftOut } : {}),
  };
}

async function captureService(
  docker: Docker,
  deployment: SwarmDeployment,
  { Spec }: SwarmService,
  networks: ReadonlyMap<string, string>,
): Promise<CapturedContainer> {
  const portable = portableSpec(Spec, { networks });
  const replicas = replicasOf(Spec);
  const reference = Spec.TaskTemplate.ContainerSpec?.Image ?? '';
  // The image of a task that ran here is what the reference stood for; else the engine's own of that name, if any.
  const [newest] = await taskContainers(docker, Spec.Name);
  const imageId = newest?.ImageID ?? (await ifThere(docker.getImage(reference).inspect()))?.Id ?? reference;
  return {
    name: unitOf(Spec.Name),
    service: namedServices(deployment).get(Spec.Name) ?? Spec.Name,
    running: !isStopped(Spec),
    restartPolicy: policyOf(Spec),
    ...(replicas !== undefined && { replicas }),
    image: await identify(docker, reference, imageId),
    volumes: volumesOfSpec(Spec),
    mounts: mountsOfSpec(Spec),
    networks: swarmNetworks(portable.spec),
    create: containerBody(Spec),
    ...portable,
  };
}

function swarmNetworks(spec: Record<string, unknown>): string[] {
  const { TaskTemplate, Networks } = spec as unknown as SwarmService['Spec'];
  return [...new Set([...(TaskTemplate.Networks ?? []), ...(Networks ?? [])].map(({ Target }) => Target))].toSorted();
}

/** Files of the host that tasks of the services mount, as far as a task has a container here. */
async function readFiles(docker: Docker, services: readonly string[], isData: (service: string) => boolean) {
  const all = await listAll(docker);
  const names = new Set(services);
  const own = all.filter(({ Labels, State }) => names.has(Labels[serviceNameLabel] ?? '') && State === 'running');
  const inspected = await Promise.all(own.map(({ Id }) => ifThere(docker.getContainer(Id).inspect())));
  return readMountedFiles(
    docker,
    inspected.filter((container) => container !== undefined),
    ({ Config }) => isData(Config.Labels[serviceNameLabel] ?? ''),
  );
}

async function captureConfigs(docker: Docker, containers: readonly CapturedContainer[]): Promise<CapturedConfig[]> {
  const names = new Set(containers.flatMap(({ needs }) => needs?.configs ?? []));
  if (names.size === 0) return [];
  const present = (await docker.listConfigs()) as unknown as {
    Spec: { Name: string; Labels?: Record<string, string>; Data?: string; Templating?: Record<string, unknown> };
  }[];
  return present
    .filter(({ Spec }) => names.has(Spec.Name))
    .map(({ Spec }) => ({
      name: Spec.Name,
      labels: Spec.Labels ?? {},
      ...(Spec.Templating && { templating: Spec.Templating }),
      contentBase64: Spec.Data ?? '',
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
