import { chown, mkdir } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { stackFile } from './files.ts';

/**
 * How a demo platform may be built. `volumes`: data in named volumes, one Elasticsearch. `folders`: data in bind-mounted
 * folders. `nodes`: Elasticsearch as two services, each of them a node. `stores`: as `volumes`, with PostgreSQL and etcd.
 */
export const shapes = ['volumes', 'folders', 'nodes', 'stores'] as const;
export type Shape = (typeof shapes)[number];

export const secondNode = 'elasticsearch-2';

/** The data services that only the shape `stores` has. */
export const streamedServices = (shape: Shape): ('postgresql' | 'etcd')[] =>
  shape === 'stores' ? ['postgresql', 'etcd'] : [];

/** The services of its Elasticsearch, and the volumes that each shape has. */
export const elasticsearchServices = (shape: Shape): string[] =>
  shape === 'nodes' ? ['elasticsearch', secondNode] : ['elasticsearch'];

/** All services that hold data. */
export const dataServices = (shape: Shape): string[] => [
  ...elasticsearchServices(shape),
  'zookeeper',
  ...streamedServices(shape),
];

export interface Volumes {
  elasticsearch: string[];
  zookeeper: string[];
  /** Of the shape `stores`. */
  streamed: string[];
}

export const allVolumes = ({ elasticsearch, zookeeper, streamed }: Volumes): string[] => [
  ...elasticsearch,
  ...zookeeper,
  ...streamed,
];

export function volumesOf(project: string, shape: Shape): Volumes {
  if (shape === 'folders') return { elasticsearch: [], zookeeper: [], streamed: [] };
  return {
    elasticsearch: [`${project}_esdata`, ...(shape === 'nodes' ? [`${project}_esdata2`] : [])],
    zookeeper: [`${project}_zkdata`, `${project}_zkdatalog`],
    streamed: shape === 'stores' ? [`${project}_pgdata`, `${project}_etcddata`] : [],
  };
}

/** Below the platform's folder, with the user that the image's server runs as; ZooKeeper's image takes its own. */
const folders = [
  { name: 'elasticsearch', target: '/usr/share/elasticsearch/data', service: 'elasticsearch', user: 1000 },
  { name: 'zookeeper', target: '/data', service: 'zookeeper', user: 0 },
  { name: 'zookeeper-log', target: '/datalog', service: 'zookeeper', user: 0 },
];

export const dataFolder = 'data';

export async function makeDataFolders(platformFolder: string, shape: Shape): Promise<void> {
  if (shape !== 'folders') return;
  for (const { name, user } of folders) {
    const path = join(platformFolder, dataFolder, name);
    await mkdir(path, { recursive: true });
    await chown(path, user, 0);
  }
}

interface ComposeFile {
  services: Record<string, { volumes?: string[]; environment?: Record<string, string> }>;
  volumes: Record<string, object>;
}

/** The demo's Compose file in another shape. */
export function shaped(text: string, shape: Shape): string {
  if (shape === 'volumes') return text;
  const file = parse(text) as ComposeFile;
  if (shape === 'stores') {
    const more = parse(readFileSync(stackFile('compose.stores.yaml'), 'utf8')) as ComposeFile;
    Object.assign(file.services, more.services);
    Object.assign(file.volumes, more.volumes);
    return stringify(file);
  }
  const { elasticsearch, zookeeper } = file.services;
  if (!elasticsearch || !zookeeper) throw new Error('the Compose file lacks a data service');
  if (shape === 'folders') {
    const mounts = (service: string) =>
      folders
        .filter((folder) => folder.service === service)
        .map(({ name, target }) => `./${dataFolder}/${name}:${target}`);
    elasticsearch.volumes = mounts('elasticsearch');
    zookeeper.volumes = mounts('zookeeper');
    file.volumes = {};
  } else {
    const { 'discovery.type': _, ...environment } = elasticsearch.environment ?? {};
    const nodes = elasticsearchServices(shape);
    // Without `single-node` a server checks before it starts that it is fit for production: it wants another collector than
    // the image's, and more memory maps than an ordinary host allows.
    const cluster = {
      ...environment,
      ES_JAVA_OPTS: '-Xms320m -Xmx320m -XX:-UseSerialGC -XX:+UseG1GC',
      'node.store.allow_mmap': 'false',
      'discovery.seed_hosts': nodes.join(','),
      'cluster.initial_master_nodes': nodes.join(','),
    };
    file.services[secondNode] = {
      ...elasticsearch,
      environment: { ...cluster, 'node.name': secondNode },
      volumes: ['esdata2:/usr/share/elasticsearch/data'],
    };
    elasticsearch.environment = { ...cluster, 'node.name': 'elasticsearch' };
    file.volumes['esdata2'] = {};
  }
  return stringify(file);
}
