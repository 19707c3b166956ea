import type { Mount } from '../../../domain/mounts.ts';
import type { ServiceSpec } from './service.ts';

type Json = Record<string, unknown>;

/**
 * What a container of one of the service's tasks is made from, in the words of the engine's container-create call: by it a
 * scratch container is like the service, and its settings are read where no task has a container.
 */
export function containerBody(spec: ServiceSpec): Json {
  const container: Json = spec.TaskTemplate.ContainerSpec ?? {};
  const taken: [string, string][] = [
    ['Env', 'Env'],
    ['Command', 'Entrypoint'],
    ['Args', 'Cmd'],
    ['User', 'User'],
    ['Dir', 'WorkingDir'],
    ['StopSignal', 'StopSignal'],
    ['Hostname', 'Hostname'],
    ['Healthcheck', 'Healthcheck'],
    ['Labels', 'Labels'],
  ];
  const dns = (container['DNSConfig'] ?? {}) as Json;
  const resources = (spec.TaskTemplate['Resources'] ?? {}) as { Limits?: { MemoryBytes?: number } };
  const host: Json = {
    Mounts: mountsOfSpec(spec).map(({ type, source, destination, readOnly }) => ({
      Type: type,
      Source: source,
      Target: destination,
      ReadOnly: readOnly,
    })),
    ...present({
      Init: container['Init'],
      Ulimits: container['Ulimits'],
      CapAdd: container['CapabilityAdd'],
      CapDrop: container['CapabilityDrop'],
      Sysctls: container['Sysctls'],
      ExtraHosts: extraHosts(container['Hosts']),
      Dns: dns['Nameservers'],
      DnsSearch: dns['Search'],
      DnsOptions: dns['Options'],
      Memory: resources.Limits?.MemoryBytes,
    }),
  };
  return {
    ...present(Object.fromEntries(taken.map(([from, to]) => [to, container[from]]))),
    Image: container['Image'],
    HostConfig: host,
  };
}

/** Without anonymous volumes: each task of Swarm has new ones, so they keep nothing. */
export function mountsOfSpec(spec: ServiceSpec): Mount[] {
  return (spec.TaskTemplate.ContainerSpec?.Mounts ?? [])
    .flatMap(({ Type, Source = '', Target, ReadOnly = false }): Mount[] => {
      const at = { destination: Target.replace(/(.)\/+$/, '$1'), readOnly: ReadOnly };
      if (Type === 'tmpfs') return [{ type: 'tmpfs', source: '', ...at }];
      if (Type !== 'volume' && Type !== 'bind') return [];
      return Source === '' ? [] : [{ type: Type, source: Source.replace(/(.)\/+$/, '$1'), ...at }];
    })
    .sort((a, b) => a.destination.localeCompare(b.destination));
}

export function volumesOfSpec(spec: ServiceSpec): string[] {
  return [...new Set(mountsOfSpec(spec).flatMap(({ type, source }) => (type === 'volume' ? [source] : [])))].toSorted();
}

/** Swarm: `10.0.0.1 name other`; a container: `name:10.0.0.1`. */
function extraHosts(hosts: unknown): string[] | undefined {
  if (!Array.isArray(hosts)) return undefined;
  return (hosts as string[]).flatMap((line) => {
    const [address = '', ...names] = line.trim().split(/\s+/);
    return names.map((name) => `${name}:${address}`);
  });
}

function present(values: Json): Json {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null));
}
