import type { HostName, NetworkName, VolumeName } from './platform.ts';

/** All that is on one engine, of whomever, by name. It shows afterwards what was touched. `start`: where it was asked for. */
export interface EngineInventory {
  host: HostName;
  containers: { name: string; id: string; running: boolean; own?: true; start?: ContainerStart }[];
  volumes: { name: VolumeName; createdAt: string }[];
  networks: { name: NetworkName; id: string }[];
  /** Running tasks of Swarm's services, which are no containers of anybody's; absent: nobody asked. */
  tasks?: TaskSeen[];
}

/** When a container was started last, and by whom. */
export interface ContainerStart {
  /** ISO 8601, UTC. */
  at: string;
  /** How often the engine has started it again by its restart policy, since someone else started it. */
  restarts: number;
  /** Of Compose: `project/service`. */
  service?: string;
}

/** A container that Swarm runs for a service, by the service's own name. */
export interface TaskSeen {
  service: string;
  id: string;
}

/** The inventory without what is left out by its name. */
export function inventoryWhere(engine: EngineInventory, counts: (name: string) => boolean): EngineInventory {
  const those = <T extends { name: string }>(things: readonly T[]) => things.filter(({ name }) => counts(name));
  return {
    host: engine.host,
    containers: those(engine.containers),
    volumes: those(engine.volumes),
    networks: those(engine.networks),
  };
}

/** What a plan names on one host: only this may differ afterwards. */
export interface NamedOnHost {
  containers: string[];
  volumes: VolumeName[];
  networks: NetworkName[];
}

/**
 * What differs between two inventories of one engine and was not to: `container grafana stopped`, `volume backups gone`.
 * What Rekindle itself put there, and left, counts too (`own`).
 */
export function unnamedChanges(before: EngineInventory, after: EngineInventory, named: NamedOnHost): string[] {
  const changes = (
    kind: 'container' | 'volume' | 'network',
    old: readonly Thing[],
    now: readonly Thing[],
    names: readonly string[],
  ) => compare(old, now, new Set(names)).map((change) => `${kind} ${change}`);
  const container = ({ name, id, running, own }: EngineInventory['containers'][number]): Thing => ({
    name,
    identity: id,
    running,
    ...(own && { own }),
  });
  const volume = ({ name, createdAt }: EngineInventory['volumes'][number]): Thing => ({ name, identity: createdAt });
  const network = ({ name, id }: EngineInventory['networks'][number]): Thing => ({ name, identity: id });
  return [
    ...changes('container', before.containers.map(container), after.containers.map(container), named.containers),
    ...changes('volume', before.volumes.map(volume), after.volumes.map(volume), named.volumes),
    ...changes('network', before.networks.map(network), after.networks.map(network), named.networks),
  ];
}

interface Thing {
  name: string;
  identity: string;
  running?: boolean;
  own?: true;
}

function compare(before: readonly Thing[], after: readonly Thing[], named: ReadonlySet<string>): string[] {
  const now = new Map(after.map((thing) => [thing.name, thing]));
  const then = new Set(before.map(({ name }) => name));
  const changed = before
    .filter(({ name, own }) => !named.has(name) && !own)
    .flatMap((old) => {
      const thing = now.get(old.name);
      if (thing === undefined) return [`${old.name} is gone`];
      if (thing.identity !== old.identity) return [`${old.name} was made anew`];
      if (thing.running !== old.running) return [`${old.name} ${thing.running ? 'was started' : 'was stopped'}`];
      return [];
    });
  const left = after
    .filter(({ name }) => !named.has(name) && !then.has(name))
    .map(({ name, own }) => `${name} ${own ? 'was left by Rekindle' : 'is new'}`);
  return [...changed, ...left];
}
