import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@elastic/elasticsearch';
import { stringify } from 'yaml';
import { startContainer, type StartedContainer } from '../../systems/start-container.ts';
import { eventually } from '../../../stack/engine.ts';
import type { S3Server } from '../../../stack/s3-server.ts';

/** A cluster that Rekindle did not deploy. */
export interface Cluster {
  container: StartedContainer;
  client: Client;
  remove(): Promise<void>;
}

/** One Elasticsearch that holds the keys of the S3 server; its client repeats nothing. */
export async function startCluster(name: string, s3: S3Server): Promise<Cluster> {
  const settings = {
    'cluster.name': name,
    'discovery.type': 'single-node',
    'cluster.routing.allocation.disk.threshold_enabled': 'false',
    's3.client.default.endpoint': s3.endpoint,
    's3.client.default.path_style_access': 'true',
  };
  const container = await startContainer('rekindle-stack/elasticsearch:8.19.0', {
    environment: { ES_JAVA_OPTS: '-Xms512m -Xmx512m' },
    files: { 'run/secrets/s3_access_key': s3.accessKey, 'run/secrets/s3_secret_key': s3.secretKey },
    command: Object.entries(settings).map(([setting, value]) => `-E${setting}=${value}`),
  });
  const client = new Client({ node: `http://${container.address}:9200`, maxRetries: 0, requestTimeout: 60_000 });
  const remove = async () => {
    await client.close();
    await container.remove();
  };
  try {
    await eventually(`${name} answers`, 120, () => client.cluster.health({ wait_for_status: 'yellow' }));
    return { container, client, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The destination of copies, with its platform file in `folder`: no deployment, and one of its two seed nodes is down. */
export async function startStaging(folder: string, s3: S3Server): Promise<Cluster> {
  const cluster = await startCluster('staging', s3);
  const file = {
    platform: 'staging',
    stores: [
      {
        name: 'documents',
        kind: 'elasticsearch',
        nodes: ['http://127.0.0.1:9', `http://${cluster.container.address}:9200`],
        repository: { name: 'own', type: 's3', settings: { bucket: 'staging', endpoint: s3.endpoint } },
      },
    ],
    catalogue: { kind: 'directory', path: join(folder, 'staging-catalogue') },
    restore: { approval: 'required' },
  };
  await writeFile(join(folder, 'staging.yaml'), stringify(file));
  return cluster;
}
