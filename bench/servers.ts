import Docker from 'dockerode';
import { randomBytes } from 'node:crypto';
import { connectElasticsearch, type Client } from '../systems/elasticsearch/client.ts';
import { awaitUsable } from '../systems/elasticsearch/health.ts';
import { awaitZookeeper } from '../systems/zookeeper/session.ts';

export interface BenchServers {
  elasticsearch: { host: string; port: number };
  /** `host:port`. */
  zookeeper: string;
  connect: () => Client;
}

const startSeconds = 180;

/** Runs `work` with an Elasticsearch (heap 2 GB) and a ZooKeeper (heap 3 GB) alone; both are removed afterwards. */
export async function withServers<T>(work: (servers: BenchServers) => Promise<T>): Promise<T> {
  const docker = new Docker();
  const undo: (() => Promise<unknown>)[] = [];
  const start = async (image: string, Env: string[], Cmd: string[] = []): Promise<string> => {
    const name = `bench-${randomBytes(4).toString('hex')}`;
    const container = await docker.createContainer({ name, Image: image, Env, Cmd });
    undo.push(() => container.remove({ force: true, v: true }));
    await container.start();
    const { NetworkSettings } = await container.inspect();
    return Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '';
  };
  try {
    const [host, zookeeper] = await Promise.all([
      start(
        'rekindle-stack/elasticsearch:8.19.0',
        ['ES_JAVA_OPTS=-Xms2g -Xmx2g'],
        ['-Ediscovery.type=single-node', '-Ecluster.routing.allocation.disk.threshold_enabled=false'],
      ),
      // Compiled as on any server; the stack's image starts fast instead.
      start('rekindle-stack/zookeeper:3.9.4', ['ZK_SERVER_HEAP=3072', 'JVMFLAGS=-XX:TieredStopAtLevel=4']),
    ]);
    const elasticsearch = { host, port: 9200 };
    const connect = () => connectElasticsearch({ scheme: 'http', ...elasticsearch });
    const client = connect();
    try {
      await awaitUsable(client, { timeoutSeconds: startSeconds });
    } finally {
      await client.close();
    }
    const hosts = `${zookeeper}:2181`;
    await awaitZookeeper({ hosts, timeoutSeconds: startSeconds });
    return await work({ elasticsearch, zookeeper: hosts, connect });
  } finally {
    for (const remove of undo) await remove().catch(() => undefined);
  }
}
