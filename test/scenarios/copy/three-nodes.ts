import { randomBytes } from 'node:crypto';
import { Client } from '@elastic/elasticsearch';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { eventually } from '../../../stack/engine.ts';
import type { S3Server } from '../../../stack/s3-server.ts';

export interface ThreeNodes {
  /** One URL for each node, in the order of their numbers. */
  seeds: string[];
  /** Asks the first node. */
  client: Client;
  /** SIGKILL: it says goodbye to nobody. */
  kill(number: number): Promise<void>;
  remove(): Promise<void>;
}

const numbers = [0, 1, 2];

/**
 * One cluster of three nodes of Elasticsearch 9, each a container. They talk over the loopback of one network namespace:
 * Elasticsearch then asks nothing of the machine that runs the test.
 */
export async function startThreeNodes(cluster: string, s3: S3Server): Promise<ThreeNodes> {
  const docker = new Docker();
  const project = `rkt-${randomBytes(4).toString('hex')}`;
  const nameOf = (number: number) => `${project}-${number}`;
  const clients: Client[] = [];
  const remove = async () => {
    for (const client of clients) await client.close();
    // What the first one's namespace carries goes before it.
    for (const number of numbers.toReversed())
      await docker
        .getContainer(nameOf(number))
        .remove({ force: true, v: true })
        .catch((error: unknown) => {
          if ((error as { statusCode?: number }).statusCode !== 404) throw error;
        });
  };
  try {
    for (const number of numbers) {
      const container = await docker.createContainer({
        name: nameOf(number),
        Image: 'rekindle-stack/elasticsearch:9.2.0',
        Env: [
          'ES_JAVA_OPTS=-Xms320m -Xmx320m',
          `cluster.name=${cluster}`,
          `node.name=node-${number}`,
          'transport.host=127.0.0.1',
          `transport.port=${9300 + number}`,
          `http.port=${9200 + number}`,
          `discovery.seed_hosts=${numbers.map((each) => `127.0.0.1:${9300 + each}`).join()}`,
          `cluster.initial_master_nodes=${numbers.map((each) => `node-${each}`).join()}`,
          'cluster.routing.allocation.disk.threshold_enabled=false',
          `s3.client.default.endpoint=${s3.endpoint}`,
          's3.client.default.path_style_access=true',
        ],
        Labels: { 'rekindle.test': 'scenarios' },
        HostConfig: { NetworkMode: number === 0 ? 'bridge' : `container:${nameOf(0)}` },
      });
      const keys = pack();
      keys.entry({ name: 'run/secrets/s3_access_key' }, s3.accessKey);
      keys.entry({ name: 'run/secrets/s3_secret_key' }, s3.secretKey);
      keys.finalize();
      await container.putArchive(keys as never, { path: '/' });
      await container.start();
    }
    const { NetworkSettings } = await docker.getContainer(nameOf(0)).inspect();
    const seeds = numbers.map(
      (number) => `http://${NetworkSettings.Networks['bridge']?.IPAddress ?? ''}:${9200 + number}`,
    );
    const client = new Client({ node: seeds[0]!, maxRetries: 0, requestTimeout: 60_000 });
    clients.push(client);
    await eventually(`${cluster} has three nodes`, 240, () =>
      client.cluster.health({ wait_for_status: 'yellow', wait_for_nodes: 3, timeout: '5s' }),
    );
    return { seeds, client, kill: (number) => docker.getContainer(nameOf(number)).kill() as Promise<void>, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
