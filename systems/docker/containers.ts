import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import { contains, isFolder, type Mount } from '../../domain/mounts.ts';
import type { ComposeDeployment, ServiceName, VolumeName } from '../../domain/platform.ts';
import type { RestartPolicy } from '../../domain/plans/step-arguments.ts';
import { ifThere } from './failures.ts';

export const projectLabel = 'com.docker.compose.project';
export const serviceLabel = 'com.docker.compose.service';
const oneOffLabel = 'com.docker.compose.oneoff';

/** On everything that Rekindle itself puts on an engine. */
export const ownLabel = 'rekindle.run';

/** The service as the platform file names it: `service` of its own project, `project/service` of another one. */
export function serviceNameOf(
  labels: Record<string, string>,
  deployment: Pick<ComposeDeployment, 'project'>,
): ServiceName {
  const service = labels[serviceLabel] ?? '';
  return labels[projectLabel] === deployment.project ? service : `${labels[projectLabel] ?? ''}/${service}`;
}

/** Whether the container is one of the platform's: of a service that it names, not a one-off. */
export function isNamed(labels: Record<string, string>, deployment: ComposeDeployment): boolean {
  return (
    labels[oneOffLabel]?.toLowerCase() !== 'true' &&
    [...deployment.data, ...deployment.core, ...deployment.alsoStop].includes(serviceNameOf(labels, deployment))
  );
}

/** The platform's own Compose project, and those of services that it names with theirs. */
export function projectsOf({ project, data, core, alsoStop }: ComposeDeployment): string[] {
  const others = [...data, ...core, ...alsoStop].flatMap((service) => /^(.+)\//.exec(service)?.[1] ?? []);
  return [...new Set([project, ...others])];
}

/** Every container of the engine, running or not. */
export async function listAll(docker: Docker): Promise<ContainerInfo[]> {
  return docker.listContainers({ all: true });
}

/** The platform's containers, inspected, by name; one that goes away meanwhile is left out. */
export async function inspectNamed(
  docker: Docker,
  deployment: ComposeDeployment,
  all: ContainerInfo[],
): Promise<ContainerInspectInfo[]> {
  const named = all.filter(({ Labels }) => isNamed(Labels, deployment));
  const found = await Promise.all(named.map(({ Id }) => ifThere(docker.getContainer(Id).inspect())));
  return found
    .filter((container) => container !== undefined)
    .sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en', { numeric: true }));
}

export function nameOf(container: ContainerInspectInfo): string {
  return container.Name.replace(/^\//, '');
}

export function serviceOf(
  container: ContainerInspectInfo,
  deployment: Pick<ComposeDeployment, 'project'>,
): ServiceName {
  return serviceNameOf(container.Config.Labels, deployment);
}

/** A container that waits for its next restart counts as running: the engine will start it. */
export function isRunning({ State }: ContainerInspectInfo): boolean {
  return State.Running || State.Restarting;
}

/** Ended with exit code 0, and the engine does not start it again by itself. */
export function isOneShot(container: ContainerInspectInfo): boolean {
  const { Status, ExitCode } = container.State;
  return Status === 'exited' && ExitCode === 0 && ['no', 'on-failure'].includes(restartPolicyOf(container).name);
}

export function restartPolicyOf({ HostConfig }: ContainerInspectInfo): RestartPolicy {
  const policy = HostConfig.RestartPolicy as { Name?: string; MaximumRetryCount?: number } | undefined;
  const name = (policy?.Name ?? '') as RestartPolicy['name'] | '';
  return { name: name === '' ? 'no' : name, maximumRetryCount: policy?.MaximumRetryCount ?? 0 };
}

/** Volumes, anonymous ones too: they hold data as well as the named. */
export function volumesOf(container: Pick<ContainerInspectInfo, 'Mounts'>): VolumeName[] {
  const names = container.Mounts.flatMap(({ Type, Name }) => (Type === 'volume' && Name !== undefined ? [Name] : []));
  return [...new Set(names)].sort();
}

/** All mounts, also those in memory; what else there is (Windows pipes) holds no data. */
export function mountsOf({
  Mounts,
  HostConfig,
}: Pick<ContainerInspectInfo, 'Mounts'> & { HostConfig: { Tmpfs?: Record<string, string> } }): Mount[] {
  const mounts = Mounts.flatMap(({ Type, Name, Source, Destination, RW }): Mount[] => {
    const at = { destination: withoutEndingSlash(Destination), readOnly: !RW };
    if (Type === 'volume') return Name === undefined ? [] : [{ type: 'volume', source: Name, ...at }];
    if (Type === 'bind') return [{ type: 'bind', source: withoutEndingSlash(Source), ...at }];
    return Type === 'tmpfs' ? [{ type: 'tmpfs', source: '', ...at }] : [];
  });
  const inMemory = Object.keys(HostConfig.Tmpfs ?? {}).map(withoutEndingSlash);
  return [
    ...mounts,
    ...inMemory.map((destination): Mount => ({ type: 'tmpfs', source: '', destination, readOnly: false })),
  ].sort((a, b) => a.destination.localeCompare(b.destination));
}

const withoutEndingSlash = (path: string) => path.replace(/(.)\/+$/, '$1');

export function networksOf(container: ContainerInspectInfo): string[] {
  return Object.keys(container.NetworkSettings.Networks).sort();
}

/** Who mounts the volume, or something in the folder: names of containers, all or only the running ones. */
export async function usersOf(docker: Docker, volume: VolumeName, which: 'all' | 'running'): Promise<string[]> {
  const all = await listAll(docker);
  return all
    .filter(({ Mounts }) => Mounts.some((mount) => isOf(volume, mount)))
    .filter(({ State }) => which === 'all' || ['running', 'restarting', 'paused'].includes(State))
    .map(listedName)
    .sort();
}

/** Those of them that have done their work: exit code 0, and the engine does not start them again. */
export async function finishedAmong(docker: Docker, containers: string[]): Promise<string[]> {
  const found = await Promise.all(containers.map((name) => ifThere(docker.getContainer(name).inspect())));
  return containers.filter((_name, index) => found[index] !== undefined && isOneShot(found[index]));
}

function isOf(volume: VolumeName, { Type, Name, Source }: ContainerInfo['Mounts'][number]): boolean {
  return isFolder(volume) ? Type === 'bind' && contains(volume, Source) : Type === 'volume' && Name === volume;
}

/** A container linked to others has more names; its own has one slash. */
export function listedName({ Names, Id }: ContainerInfo): string {
  return (Names.find((name) => name.lastIndexOf('/') === 0) ?? Names[0] ?? Id).replace(/^\//, '');
}
