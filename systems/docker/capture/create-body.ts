import type { ContainerInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import { isUserDefined } from '../networks.ts';

type Json = Record<string, unknown>;

/** The engine's short form of an id: the generated host name, and an alias on every network. */
const shortLength = 12;
/** Set by Compose while it replaces a container: the id of one that is no more. */
const replacedLabel = 'com.docker.compose.replace';

/**
 * The body that creates such a container again: what was asked for, without what the engine made of it (host name from
 * the id, id as alias, dynamic addresses). `names` translates ids of containers whose network, IPC or PID space it shares.
 */
export function createBody(container: ContainerInspectInfo, names: Map<string, string>): Json {
  const host = cleanHostConfig(container, names);
  const endpoints = Object.entries(container.NetworkSettings.Networks)
    .filter(([network]) => isUserDefined(network))
    .map(([network, endpoint]) => [network, cleanEndpoint(endpoint as unknown as Json, container.Id)]);
  return {
    ...cleanConfig(container, String(host.NetworkMode)),
    HostConfig: host,
    NetworkingConfig: { EndpointsConfig: Object.fromEntries(endpoints) as Json },
  };
}

function cleanConfig(container: ContainerInspectInfo, networkMode: string): Json {
  const config: Json = { ...(container.Config as unknown as Json) };
  const generated = config.Hostname === container.Id.slice(0, shortLength);
  // In another's network space the host name is the other's.
  if (generated || networkMode === 'host' || networkMode.startsWith('container:')) delete config.Hostname;
  if (config.MacAddress === '') delete config.MacAddress;
  delete config.OnBuild;
  delete config.ArgsEscaped;
  const labels = Object.entries(container.Config.Labels).filter(([label]) => label !== replacedLabel);
  return { ...config, Labels: Object.fromEntries(labels) };
}

function cleanHostConfig(container: ContainerInspectInfo, names: Map<string, string>): Json {
  const host: Json = { ...(container.HostConfig as unknown as Json) };
  delete host.ContainerIDFile;
  for (const space of ['NetworkMode', 'IpcMode', 'PidMode']) host[space] = withName(host[space], names);
  // Inspected as `/other:/this/alias`, asked for as `other:alias`.
  if (Array.isArray(host.Links))
    host.Links = (host.Links as string[]).map((link) => link.replace(/^\/([^:]+):.*\//, '$1:'));
  const binds = [...((host.Binds as string[] | null | undefined) ?? []), ...inheritedBinds(container)];
  // By now they are named each: the container that they came from need not be there.
  if (host.VolumesFrom) host.VolumesFrom = null;
  const mounts = container.HostConfig.Mounts?.map((mount) => withSource(mount, container));
  return {
    ...host,
    ...(binds.length > 0 ? { Binds: binds } : {}),
    ...(mounts === undefined ? {} : { Mounts: mounts }),
  };
}

/**
 * What it mounts without having asked for it by name: anonymous volumes, as a new container would get new, empty ones; and
 * all that comes from another container (`volumes_from`).
 */
function inheritedBinds({ Mounts, HostConfig }: ContainerInspectInfo): string[] {
  const asked = new Set([
    ...((HostConfig.Binds as string[] | null | undefined) ?? []).map((bind) => bind.split(':')[1]),
    ...(HostConfig.Mounts ?? []).map(({ Target }) => Target),
  ]);
  return Mounts.filter(({ Destination }) => !asked.has(Destination)).flatMap(
    ({ Type, Name, Source, Destination, RW }) => {
      const source = Type === 'volume' ? Name : Type === 'bind' ? Source : undefined;
      return source === undefined ? [] : [`${source}:${Destination}:${RW ? 'rw' : 'ro'}`];
    },
  );
}

/** Compose v2 asks for an anonymous volume by a mount without a source. */
function withSource(mount: Docker.MountSettings, { Mounts }: ContainerInspectInfo): Docker.MountSettings {
  if (mount.Type !== 'volume' || mount.Source) return mount;
  const name = Mounts.find(({ Destination }) => Destination === mount.Target)?.Name;
  return name === undefined ? mount : { ...mount, Source: name };
}

function withName(space: unknown, names: Map<string, string>): unknown {
  const id = typeof space === 'string' ? /^container:([0-9a-f]{64})$/.exec(space)?.[1] : undefined;
  const name = id === undefined ? undefined : names.get(id);
  return name === undefined ? space : `container:${name}`;
}

function cleanEndpoint(endpoint: Json, id: string): Json {
  const aliases = ((endpoint.Aliases ?? []) as string[]).filter((alias) => alias !== id.slice(0, shortLength));
  const fixed = Object.entries((endpoint.IPAMConfig ?? {}) as Json).filter(
    ([, address]) => address !== '' && address !== null && !(Array.isArray(address) && address.length === 0),
  );
  return {
    Aliases: aliases,
    ...(fixed.length > 0 ? { IPAMConfig: Object.fromEntries(fixed) } : {}),
    ...(endpoint.Links ? { Links: endpoint.Links } : {}),
    ...(endpoint.DriverOpts ? { DriverOpts: endpoint.DriverOpts } : {}),
    ...(endpoint.GwPriority ? { GwPriority: endpoint.GwPriority } : {}),
  };
}
