import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { stringify } from 'yaml';
import type { DemoPlatform } from '../../stack/demo-platform.ts';
import { connectElasticsearch, type Client } from '../../systems/elasticsearch/client.ts';
import { awaitUsable } from '../../systems/elasticsearch/health.ts';

export interface Destination {
  /** Of its platform file. */
  platform: string;
  client: Client;
}

/**
 * Runs `work` with one more Elasticsearch, of another name, that holds the keys of the platform's S3 server, and with its
 * platform file next to the platform's; both are removed afterwards.
 */
export async function withDestination<T>(
  { s3, platformFile }: DemoPlatform,
  javaOptions: string,
  work: (destination: Destination) => Promise<T>,
): Promise<T> {
  const platform = `staging-${randomBytes(3).toString('hex')}`;
  const settings = {
    'cluster.name': platform,
    'discovery.type': 'single-node',
    'cluster.routing.allocation.disk.threshold_enabled': 'false',
    's3.client.default.endpoint': s3.endpoint,
    's3.client.default.path_style_access': 'true',
  };
  const container = await new Docker().createContainer({
    name: `bench-${platform}`,
    Image: 'rekindle-stack/elasticsearch:8.19.0',
    Env: [`ES_JAVA_OPTS=${javaOptions}`],
    Cmd: Object.entries(settings).map(([name, value]) => `-E${name}=${value}`),
  });
  try {
    const keys = pack();
    keys.entry({ name: 'run/secrets/s3_access_key' }, s3.accessKey);
    keys.entry({ name: 'run/secrets/s3_secret_key' }, s3.secretKey);
    keys.finalize();
    await container.putArchive(keys as never, { path: '/' });
    await container.start();
    const { NetworkSettings } = await container.inspect();
    const host = Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '';
    const client = connectElasticsearch({ scheme: 'http', host, port: 9200 });
    try {
      await awaitUsable(client, { timeoutSeconds: 180 });
      await writeFile(join(dirname(platformFile), `${platform}.yaml`), platformFileOf(platform, host, platformFile));
      return await work({ platform, client });
    } finally {
      await client.close();
    }
  } finally {
    await container.remove({ force: true, v: true });
  }
}

const platformFileOf = (platform: string, host: string, beside: string): string =>
  stringify({
    platform,
    stores: [
      {
        name: 'documents',
        kind: 'elasticsearch',
        nodes: [`http://${host}:9200`],
        repository: { name: 'own', type: 's3', settings: { bucket: 'unused' } },
      },
    ],
    catalogue: { kind: 'directory', path: join(dirname(beside), `${platform}-catalogue`) },
  });
