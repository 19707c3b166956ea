import type { StoreName } from '../platform.ts';
import { asks, says, type Part, type Remark } from './proposal.ts';
import type { DataService } from './roles.ts';
import { ownKeys } from './server-keys.ts';
import { passwordFor } from './server-password.ts';
import type { SeenPlatform, SeenService, ServerAnswer } from './seen.ts';
import type { ServerKind } from './signatures.ts';

/** The servers of one store, and what the first of them that answered told. */
interface Servers {
  kind: ServerKind;
  nodes: [DataService, ...DataService[]];
  answer: ServerAnswer;
}

/** One store for each server whose backup is a stream, and one for each cluster of etcd. `taken`: names of other stores. */
export function serverStores(
  data: readonly DataService[],
  seen: SeenPlatform,
  taken: readonly StoreName[],
): Part<Record<string, unknown>>[] {
  const names = new Set(taken);
  return groupsOf(data, seen).map((servers) => {
    const name = freeName(servers.nodes.length === 1 ? servers.nodes[0].service.service : servers.kind, names);
    names.add(name);
    return serverStore(servers, name, seen);
  });
}

function groupsOf(data: readonly DataService[], { servers }: SeenPlatform): Servers[] {
  const groups = new Map<string, Servers>();
  for (const node of data) {
    const { kind, service } = node;
    if (kind === 'elasticsearch' || kind === 'zookeeper') continue;
    const answer = servers[service.service] ?? { kind: 'silent' };
    const told = answer.kind === 'answered' ? answer.facts['cluster'] : undefined;
    const key =
      kind === 'etcd' ? `etcd ${told ?? service.settings['ETCD_INITIAL_CLUSTER_TOKEN'] ?? ''}` : service.service;
    const group = groups.get(key);
    if (group) group.nodes.push(node);
    else groups.set(key, { kind, nodes: [node], answer });
  }
  return [...groups.values()];
}

function freeName(wanted: string, names: ReadonlySet<string>): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!names.has(name)) return name;
  }
}

function serverStore(servers: Servers, name: StoreName, { place }: SeenPlatform): Part<Record<string, unknown>> {
  const { kind, nodes, answer } = servers;
  const services = nodes.map(({ service }) => service);
  const names = services.map(({ service }) => service);
  const own = ownKeys[kind](services, answer);
  const password = passwordFor(kind, { name, services, answer });
  return {
    value: { name, kind, service: names.length === 1 ? names[0] : names, ...own.value, ...password.value },
    remarks: [
      ...recognised(servers),
      ...services.flatMap((service) => volumeRemarks(service, kind, answer)),
      ...(place.kind === 'swarm' ? onSwarm[kind] : []),
      ...own.remarks,
      ...password.remarks,
    ],
  };
}

const titles: Record<ServerKind, string> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL or MariaDB',
  redis: 'Redis',
  etcd: 'etcd',
};

function recognised({ kind, nodes, answer }: Servers): Remark[] {
  const signs = nodes.map(({ service, signs }) => `${service.service} by ${signs.join(', ')}`).join('; ');
  if (answer.kind === 'answered') return [says([], `${answer.server} answered. Recognised: ${signs}.`)];
  const why = answer.kind === 'refused' ? 'it wants a log-in' : 'it did not answer';
  return [asks([], `Seems to be ${titles[kind]} (${signs}), but could not be asked: ${why}.`)];
}

/** Where each kind usually has its data. */
const dataFolders: Record<ServerKind, RegExp> = {
  postgres: /postgres|pgsql|pgdata|pgroot/,
  mysql: /mysql|mariadb/,
  redis: /^\/data$|redis|valkey/,
  etcd: /etcd/,
};

function volumeRemarks({ service, volumes }: SeenService, kind: ServerKind, answer: ServerAnswer): Remark[] {
  const told = answer.kind === 'answered' ? answer.facts['dir'] : undefined;
  const volume =
    volumes.find(({ path }) => told !== undefined && (told === path || told.startsWith(`${path}/`))) ??
    volumes.find(({ path }) => dataFolders[kind].test(path));
  if (volume === undefined)
    return [
      asks(
        [],
        `No volume for the data of ${service} was found: a restore needs one, and its data goes with its container.`,
      ),
    ];
  const { type, source, path } = volume;
  if (isNameless(source))
    return [
      asks(
        [],
        `The data of ${service} (${path}) lies in a volume without a name, which Docker may prune: give it one.`,
      ),
    ];
  return [
    says([], `The data of ${service} lies in the ${type === 'bind' ? 'folder' : 'volume'} ${source}, at ${path}.`),
  ];
}

/** As the engine calls volumes for which nobody gave a name. */
const isNameless = (source: string) => /^[0-9a-f]{64}$/.test(source);

const restoreRefused = (page: string): Remark[] => [
  asks(
    [],
    `On Docker Swarm it is backed up, but a restore that holds it is refused: before one, take this store out, and bring it back by hand (docs/${page}.md).`,
  ),
];
const onSwarm: Record<ServerKind, Remark[]> = {
  postgres: [],
  mysql: [],
  redis: restoreRefused('redis'),
  etcd: restoreRefused('etcd'),
};
