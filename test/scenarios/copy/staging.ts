import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@elastic/elasticsearch';
import { stringify } from 'yaml';
import { startContainer, type StartedContainer } from '../../systems/start-container.ts';
import { eventually } from '../../../stack/engine.ts';
import type { S3Server } from '../../../stack/s3-server.ts';

/** A cluster that Rekindle did not deploy: the destination of copies. */
export interface Staging {
  container: StartedContainer;
  client: Client;
  remove(): Promise<void>;
}

/** An Elasticsearch of its own name that holds the keys of the S3 server, and its platform file, without a deployment, in `folder`. */
export async function startStaging(folder: string, s3: S3Server, nodes: readonly string[] = []): Promise<Staging> {
  const settings = {
    'cluster.name': 'staging',
    'discovery.type': 'single-node',
    'cluster.routing.allocation.disk.threshold_enabled': 'false',
    's3.client.default.endpoint': s3.endpoint,
    's3.client.default.path_style_access': 'true',
  };
  const container = await startContainer('rekindle-stack/elasticsearch:8.19.0', {
    environment: { ES_JAVA_OPTS: '-Xms512m -Xmx512m' },
    files: { 'run/secrets/s3_access_key': s3.accessKey, 'run/secrets/s3_secret_key': s3.secretKey },
    command: Object.entries(settings).map(([name, value]) => `-E${name}=${value}`),
  });
  const client = new Client({ node: `http://${container.address}:9200`, maxRetries: 0, requestTimeout: 60_000 });
  const remove = async () => {
    await client.close();
    await container.remove();
  };
  try {
    await eventually('the destination answers', 120, () => client.cluster.health({ wait_for_status: 'yellow' }));
    const file = {
      platform: 'staging',
      stores: [
        {
          name: 'documents',
          kind: 'elasticsearch',
          nodes: [...nodes, `http://${container.address}:9200`],
          repository: { name: 'own', type: 's3', settings: { bucket: 'staging', endpoint: s3.endpoint } },
        },
      ],
      catalogue: { kind: 'directory', path: join(folder, 'staging-catalogue') },
      restore: { approval: 'required' },
    };
    await writeFile(join(folder, 'staging.yaml'), stringify(file));
    return { container, client, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
