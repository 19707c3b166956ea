import { Failure } from '../failures.ts';
import type { PlatformName } from '../platform.ts';
import { elasticsearchStore, type Cluster } from './elasticsearch-store.ts';
import { asks, below, isName, says, type Part, type Proposal, type Remark, type Suggestion } from './proposal.ts';
import { queueStores } from './queue-store.ts';
import { rolesOf, type DataService, type Roles } from './roles.ts';
import type { SeenPlatform } from './seen.ts';
import { smokeOf } from './smoke.ts';

/**
 * The platform file of what was seen: valid as it is, with a remark wherever something was found out or could not be.
 * `catalogueFolder`: where recovery points are kept until a person names a better place. Failure: ServiceNotFound, when
 * there is no Elasticsearch in it, since nothing else can be backed up.
 */
export function proposePlatform(
  name: PlatformName,
  seen: SeenPlatform,
  catalogueFolder = '/var/lib/rekindle/catalogue',
): Proposal & { roles: Roles } {
  const roles = rolesOf(seen);
  const clusters = clustersOf(roles.data, seen);
  if (clusters.length === 0) throw noElasticsearch(seen);
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
    servers.length === 0 ? { stores: [], suggestions: [] } : queueStores(servers, told ?? { kind: 'silent' }, sources);
  const stores = [...documents, ...queues.stores];
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
      ...stores.flatMap(({ remarks }, position) => below(['stores', position], remarks)),
      asks(
        ['catalogue'],
        'What a restore reads when everything else is gone: keep it on another machine, best in a bucket of its own.',
      ),
      ...below(['smoke'], smoke.remarks),
    ],
    suggestions: [...queues.suggestions, ...smoke.suggestions, ...policySuggestions(name, documents)],
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

/** What only people can decide. */
function policySuggestions(name: PlatformName, documents: readonly Part<Record<string, unknown>>[]): Suggestion[] {
  const { repository, secrets } = (documents[0]?.value ?? {}) as {
    repository?: { type: string; settings: Record<string, string> };
    secrets?: Record<string, unknown>;
  };
  const [accessKey, secretKey] = Object.values(secrets ?? {});
  const endpoint = repository?.settings['endpoint'];
  return [
    {
      text: '? The catalogue in a bucket, which must exist, in place of the one above:',
      content: {
        catalogue: {
          kind: 's3',
          bucket: `${name}-rekindle`.toLowerCase(),
          ...(endpoint !== undefined && { endpoint }),
          accessKey: accessKey ?? { file: '/etc/rekindle/secrets/s3_access_key' },
          secretKey: secretKey ?? { file: '/etc/rekindle/secrets/s3_secret_key' },
        },
      },
    },
    {
      text: '? When backups are taken, and how long they are kept. Until then: by hand, and all of them.',
      content: { backup: { schedule: '30 * * * *', retention: { hourly: 24, daily: 14, monthly: 6 } } },
    },
    {
      text: '? What you promise: how much work may be lost (RPO), and how long a restore may take (RTO).',
      content: { objectives: { recoveryPointMinutes: 90, recoveryTimeMinutes: 60 } },
    },
  ];
}

function noElasticsearch({ place, services }: SeenPlatform): Failure {
  const where = place.kind === 'compose' ? `The Compose project "${place.project}"` : `The stack "${place.stack}"`;
  const names = services.map(({ service, image }) => `${service} (${image})`).join(', ');
  return new Failure('ServiceNotFound', {
    message: `${where} has no Elasticsearch that is recognised; its services: ${names || 'none'}`,
    remedy:
      'Name the project or stack that holds it, and start it first; or write the file by hand: docs/reference/platform-file.md',
  });
}
