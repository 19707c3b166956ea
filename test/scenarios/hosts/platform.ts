import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Hosts } from './engines.ts';

const [elasticsearch, zookeeper, core] = [
  'rekindle-stack/elasticsearch:8.19.0',
  'rekindle-stack/zookeeper:3.9.4',
  'rekindle-stack/core:1',
];

/** The image of each service that a host carries. */
export const imagesOf: Record<string, string[]> = { a: [elasticsearch], b: [zookeeper], c: [core] };

export interface S3 {
  endpoint: string;
  accessKey: string;
  secretKey: string;
}

/** The demo platform on three hosts, with a Compose file for each: a has the database, b the queue, c the core. */
export async function writePlatform({ hosts, folder }: Hosts, name: string, s3: S3): Promise<void> {
  const [a, b] = hosts;
  const secrets = join(folder, 'secrets');
  const platforms = join(folder, 'platforms');
  for (const path of [secrets, platforms]) await mkdir(path, { recursive: true });
  await writeFile(join(secrets, 's3_access_key'), s3.accessKey);
  await writeFile(join(secrets, 's3_secret_key'), s3.secretKey);
  const common = { version: '3.7', networks: { backend: { driver: 'bridge' } } };
  const service = (more: object) => ({ restart: 'on-failure', networks: ['backend'], ...more });
  const reaches = {
    ELASTICSEARCH_URL: `http://${a?.address ?? ''}:9200`,
    ZOOKEEPER_HOSTS: `${b?.address ?? ''}:2181`,
    JOB_MILLISECONDS: '50',
  };
  const compose: Record<string, object> = {
    a: {
      ...common,
      services: {
        elasticsearch: service({
          image: elasticsearch,
          environment: {
            'discovery.type': 'single-node',
            ES_JAVA_OPTS: '-Xms512m -Xmx512m',
            'xpack.security.enabled': 'false',
            'cluster.routing.allocation.disk.threshold_enabled': 'false',
            's3.client.default.endpoint': s3.endpoint,
            's3.client.default.path_style_access': 'true',
          },
          secrets: ['s3_access_key', 's3_secret_key'],
          ports: ['9200:9200'],
          volumes: ['data:/usr/share/elasticsearch/data'],
        }),
      },
      secrets: {
        s3_access_key: { file: join(secrets, 's3_access_key') },
        s3_secret_key: { file: join(secrets, 's3_secret_key') },
      },
      volumes: { data: {} },
    },
    b: {
      ...common,
      services: {
        zookeeper: service({
          image: zookeeper,
          environment: { ZOO_ADMINSERVER_ENABLED: 'false', ZK_SERVER_HEAP: '192' },
          ports: ['2181:2181'],
          // The same name as on the other host: another volume all the same.
          volumes: ['data:/data', 'log:/datalog'],
        }),
      },
      volumes: { data: {}, log: {} },
    },
    c: {
      ...common,
      services: {
        api: service({ image: core, command: ['node', 'api.mjs'], environment: reaches, ports: ['8080:8080'] }),
        'job-executor': service({ image: core, command: ['node', 'job-executor.mjs'], environment: reaches }),
        'job-distributor': service({ image: core, command: ['node', 'job-distributor.mjs'], environment: reaches }),
      },
    },
  };
  for (const [host, file] of Object.entries(compose)) {
    await mkdir(join(folder, 'compose', host), { recursive: true });
    await writeFile(
      join(folder, 'compose', host, 'docker-compose.yml'),
      stringify(file, { aliasDuplicateObjects: false }),
    );
  }
  await writeFile(
    join(platforms, `${name}.yaml`),
    stringify(platformFile(name, hosts, secrets, s3), { aliasDuplicateObjects: false }),
  );
}

function platformFile(name: string, hosts: Hosts['hosts'], secrets: string, { endpoint }: S3): object {
  const accessKey = { file: join(secrets, 's3_access_key') };
  const secretKey = { file: join(secrets, 's3_secret_key') };
  return {
    platform: name,
    deployment: {
      kind: 'compose',
      project: name,
      host: 'a',
      hosts: { zookeeper: 'b', api: 'c', 'job-executor': 'c', 'job-distributor': 'c' },
      data: ['elasticsearch', 'zookeeper'],
      core: ['api', 'job-executor', 'job-distributor'],
    },
    stores: [
      {
        name: 'documents',
        kind: 'elasticsearch',
        service: 'elasticsearch',
        address: hosts[0]?.address,
        indices: ['nuvla-*'],
        repository: {
          name: 's3_backup',
          type: 's3',
          settings: { bucket: 'snapshots', endpoint, path_style_access: 'true' },
        },
        secrets: { 's3.client.default.access_key': accessKey, 's3.client.default.secret_key': secretKey },
      },
      {
        name: 'jobs',
        kind: 'zookeeper-queue',
        service: 'zookeeper',
        from: { store: 'documents', index: 'nuvla-job' },
        defaultPriority: 999,
      },
    ],
    catalogue: { kind: 's3', bucket: 'catalogue', endpoint, accessKey, secretKey },
    restore: { approval: 'required', outageSeconds: 60 },
    smoke: [{ service: 'api', port: 8080, path: '/healthz', expectStatus: 200 }],
  };
}
