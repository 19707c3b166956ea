import { Failure } from '../failures.ts';
import type { PlatformName } from '../platform.ts';
import { elasticsearchStore, type Cluster } from './elasticsearch-store.ts';
import { keptVolumes } from './kept-volumes.ts';
import { policySuggestions } from './policy-suggestions.ts';
import { asks, below, isName, says, type Part, type Proposal, type Remark } from './proposal.ts';
import { queueStores } from './queue-store.ts';
import { rolesOf, type DataService, type Roles } from './roles.ts';
import type { SeenPlatform } from './seen.ts';
import { serverStores } from './server-store.ts';
import { smokeOf } from './smoke.ts';

/**
 * The platform file of what was seen: valid as it is, with a remark wherever something was found out or could not be.
 * `catalogueFolder`: where recovery points are kept until a person names a better place. Failure: ServiceNotFound, when
 * nothing in it can be backed up.
 */
export function proposePlatform(
  name: PlatformName,
  seen: SeenPlatform,
  catalogueFolder = '/var/lib/rekindle/catalogue',
): Proposal & { roles: Roles } {
  const roles = rolesOf(seen);
  const clusters = clustersOf(roles.data, seen);
  const documents = clusters.map((cluster, position) =>
    elasticsearchStore(cluster, {
      name: storeName(position),
      fallback: `${name}-snapshots`.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-'),
    }),
  );
  const sources = clusters.map(({ answer }, position) => ({
    store: storeName(position),
    indices: answer.kind === 'answered' ? answer.indices : [],
  }));
  const servers = roles.data.filter(({ kind }) => kind === 'zookeeper');
  const told = servers.map(({ service }) => seen.zookeeper[service.service]).find((one) => one?.kind === 'answered');
  const queues =
    servers.length === 0 || documents.length === 0
      ? { stores: [], suggestions: [] }
      : queueStores(servers, told ?? { kind: 'silent' }, sources);
  const first = [...documents, ...queues.stores];
  const taken = first.flatMap(({ value }) => (typeof value['name'] === 'string' ? [value['name']] : []));
  const stores = [...first, ...serverStores(roles.data, seen, taken)];
  if (stores.length === 0) throw nothingToBackUp(seen);
  const kept = keptVolumes(roles, seen);
  const smoke = smokeOf(roles, seen);
  const deployment = deploymentOf(seen, roles);
  return {
    roles,
    content: {
      platform: name,
      deployment: deployment.value,
      stores: stores.map(({ value }) => value),
      catalogue: { kind: 'directory', path: catalogueFolder },
      ...(smoke.value.length > 0 && { smoke: smoke.value }),
    },
    remarks: [
      ...below(['deployment'], deployment.remarks),
      ...kept.remarks,
      ...stores.flatMap(({ remarks }, position) => below(['stores', position], remarks)),
      asks(
        ['catalogue'],
        'What a restore reads when everything else is gone: keep it on another machine, best in a bucket of its own.',
      ),
      ...below(['smoke'], smoke.remarks),
    ],
    suggestions: [
      ...queues.suggestions,
      ...kept.suggestions,
      ...smoke.suggestions,
      ...policySuggestions(name, documents),
    ],
  };
}

const storeName = (position: number) => (position === 0 ? 'documents' : `documents-${position + 1}`);

/** Nodes of one cluster share its UUID; those that did not tell, its configured name. */
function clustersOf(data: readonly DataService[], seen: SeenPlatform): Cluster[] {
  const clusters = new Map<string, Cluster>();
  for (const node of data.filter(({ kind }) => kind === 'elasticsearch')) {
    const answer = seen.elasticsearch[node.service.service] ?? { kind: 'silent' };
    const named = `name ${node.service.settings['cluster.name'] ?? 'docker-cluster'}`;
    const key = answer.kind === 'answered' ? `uuid ${answer.clusterUuid}` : named;
    const cluster = clusters.get(key);
    if (cluster) cluster.nodes.push(node);
    else clusters.set(key, { nodes: [node], answer });
  }
  return [...clusters.values()];
}

function deploymentOf({ place, services }: SeenPlatform, roles: Roles): Part<Record<string, unknown>> {
  const data = roles.data.map(({ service }) => service.service);
  const used = services.filter(({ service }) => [...data, ...roles.core].includes(service));
  const swarmSecrets = place.kind === 'swarm' ? used.flatMap(({ secretFiles }) => Object.keys(secretFiles)) : [];
  const secrets = [...new Set(swarmSecrets)].filter(isName).toSorted();
  const remarks: Remark[] = [
    ...(roles.core.length > 0
      ? [says(['core'], 'In start order, by what they depend on, else by name. Who starts work stands last.')]
      : [asks(['core'], "No other service is on the data services' networks: which ones use the data?")]),
    ...(roles.alsoStop.length > 0
      ? [asks(['alsoStop'], "Other clients on the data services' networks: must all of them stand still in a restore?")]
      : []),
    ...roles.beside.map(({ service, why }) => says(['core', roles.core.indexOf(service)], `${service} ${why}.`)),
    ...roles.leftOut.map(({ service, why }) => says([], `Left out: ${service} ${why}.`)),
    ...(secrets.length > 0
      ? [asks(['secrets'], 'For a new swarm: put their values there, or leave this out and create them by hand.')]
      : []),
  ];
  return {
    value: {
      ...place,
      data,
      core: roles.core,
      alsoStop: roles.alsoStop,
      ...(secrets.length > 0 && {
        secrets: Object.fromEntries(secrets.map((secret) => [secret, { file: `/etc/rekindle/secrets/${secret}` }])),
      }),
    },
    remarks,
  };
}

function nothingToBackUp({ place, services }: SeenPlatform): Failure {
  const where = place.kind === 'compose' ? `The Compose project "${place.project}"` : `The stack "${place.stack}"`;
  const names = services.map(({ service, image }) => `${service} (${image})`).join(', ');
  return new Failure('ServiceNotFound', {
    message: `${where} has no server that is recognised and can be backed up; its services: ${names || 'none'}`,
    remedy:
      'Name the project or stack that holds it, and start it first; or write the file by hand: docs/reference/platform-file.md',
  });
}
