import type { ContainerCreateOptions, ContainerInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import type { CapturedContainer, DeploymentCapture } from '../../../domain/deployment.ts';
import { Failure } from '../../../domain/failures.ts';
import type { Watch } from '../../../domain/watch.ts';
import { projectLabel, serviceLabel } from '../containers.ts';
import { writeFiles } from './archive.ts';
import { putBackFiles } from './captured-files.ts';
import { ifThere, statusOf, unless, wordsOf } from '../failures.ts';
import { ensureImage } from '../images.ts';
import { createNetwork, findNetwork } from '../networks.ts';
import { createVolume } from '../volumes.ts';

export interface Creation {
  name: string;
  outcome: 'created' | 'present';
}

/**
 * Creates the named containers of the capture that are missing, with their files, volumes and networks, and starts
 * none. They get restart policy `no`, so that the engine does not start them; the start puts the policy back.
 * Failures: `ImageMissing`, `ContainerFailed` when the engine refuses one.
 */
export async function createContainers(
  docker: Docker,
  capture: DeploymentCapture,
  names: string[],
  watch: Watch = {},
): Promise<Creation[]> {
  const creations: Creation[] = [];
  for (const name of names) {
    watch.signal?.throwIfAborted();
    const captured = capture.containers.find((container) => container.name === name);
    if (captured === undefined) throw notCaptured(name);
    creations.push({ name, outcome: await createOne(docker, captured, capture, watch) });
    watch.onProgress?.({ done: creations.length, total: names.length, unit: 'containers', note: name });
  }
  return creations;
}

/** One of them; `files`: to be put back where they are missing. */
export async function createOne(
  docker: Docker,
  captured: CapturedContainer,
  { files, networks = [], volumes = [] }: Pick<DeploymentCapture, 'files'> & Partial<DeploymentCapture>,
  watch: Watch,
): Promise<Creation['outcome']> {
  const present = await ifThere(docker.getContainer(captured.name).inspect());
  if (present !== undefined && !isSameService(present, captured)) throw taken(captured);
  if (present === undefined) {
    const image = await ensureImage(docker, captured.image, watch);
    await putBackFiles(docker, captured, files, image);
    // What it hangs on may have gone with it; the engine would make a volume without its labels.
    for (const network of networks.filter(({ name }) => captured.networks.includes(name)))
      await createNetwork(docker, network);
    for (const volume of volumes.filter(({ name }) => captured.volumes.includes(name)))
      await createVolume(docker, volume);
    try {
      await unless([409], docker.createContainer(creationOf(captured, image)));
    } catch (error) {
      throw refused(captured.name, error);
    }
  }
  if (present === undefined || present.State.Status === 'created') await putBackOwnFiles(docker, captured);
  await connectNetworks(docker, captured);
  return present === undefined ? 'created' : 'present';
}

/** Before its first start: the tool that copied them in does so at creation only. */
async function putBackOwnFiles(docker: Docker, { name, ownFiles = [] }: CapturedContainer): Promise<void> {
  if (ownFiles.length === 0) return;
  const files = ownFiles.map(({ path, ...content }) => [path.slice(1), content] as const);
  await writeFiles(docker.getContainer(name), '/', new Map(files));
}

function isSameService({ Config }: ContainerInspectInfo, { create }: CapturedContainer): boolean {
  const wanted = (create.Labels ?? {}) as Record<string, string>;
  return [projectLabel, serviceLabel].every((label) => Config.Labels[label] === wanted[label]);
}

function taken({ name, service }: CapturedContainer): Failure {
  return new Failure('ContainerFailed', {
    message: `The container ${name} of the service ${service} cannot be created: a container of another service has its name`,
    remedy: `Rename that one (docker rename ${name} ${name}-old), then retry`,
  });
}

function endpointsOf({ create }: CapturedContainer): [string, object][] {
  const networking = create.NetworkingConfig as { EndpointsConfig?: Record<string, object> } | undefined;
  return Object.entries(networking?.EndpointsConfig ?? {});
}

/** Older engines take one network at creation: its own, by `NetworkMode`; the others follow. */
function creationOf(captured: CapturedContainer, image: string): ContainerCreateOptions {
  const host = captured.create.HostConfig as ContainerInspectInfo['HostConfig'];
  const first = endpointsOf(captured).filter(([network]) => network === host.NetworkMode);
  return {
    ...captured.create,
    name: captured.name,
    Image: image,
    HostConfig: { ...host, RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } },
    NetworkingConfig: { EndpointsConfig: Object.fromEntries(first) },
  };
}

/** Also repairs a container that a crash left on only some of its networks. */
async function connectNetworks(docker: Docker, captured: CapturedContainer): Promise<void> {
  const container = await docker.getContainer(captured.name).inspect();
  for (const [name, endpoint] of endpointsOf(captured)) {
    if (name in container.NetworkSettings.Networks) continue;
    const network = await findNetwork(docker, name);
    if (network === undefined) throw refused(captured.name, new Error(`network ${name} not found`));
    try {
      // 403: connected already.
      await unless([403], docker.getNetwork(network.Id).connect({ Container: container.Id, EndpointConfig: endpoint }));
    } catch (error) {
      throw refused(captured.name, error);
    }
  }
}

function refused(name: string, error: unknown): unknown {
  if (statusOf(error) === undefined && (error as { code?: unknown }).code !== undefined) return error;
  return new Failure(
    'ContainerFailed',
    {
      message: `The Docker engine refused to create container ${name}: ${wordsOf(error)}`,
      remedy: 'Fix what the engine names (network, mount, address, device), then retry',
    },
    { cause: error },
  );
}

function notCaptured(name: string): Failure {
  return new Failure('CaptureUnreadable', {
    message: `The deployment capture holds no container ${name}`,
    remedy: 'Choose a recovery point whose capture holds it, or create it with Docker Compose',
  });
}
