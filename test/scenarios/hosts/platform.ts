import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Hosts } from './engines.ts';

const [elasticsearch, zookeeper, core] = [
  'rekindle-stack/elasticsearch:8.19.0',
  'rekindle-stack/zookeeper:3.9.4',
  'rekindle-stack/core:1',
];

/** What each host carries: a the database, b the queue and what uses it, c the front that leads to b. */
export const imagesOf: Record<string, string[]> = { a: [elasticsearch], b: [zookeeper, core], c: [core] };

/** The services with data, and their volumes, without the project's name; the same name on two hosts is two volumes. */
export const dataOf = [
  { host: 'a', service: 'elasticsearch', volumes: ['data'] },
  { host: 'b', service: 'zookeeper', volumes: ['data', 'log'] },
] as const;

export interface S3 {
  endpoint: string;
  accessKey: string;
  secretKey: string;
}

export interface PlatformOptions {
  name: string;
  s3: S3;
  /** Whether a worker runs on b, so that it reaches the queue where nobody else does. */
  workerAtQueue: boolean;
}

// Passes requests on to the API: what is on c reaches b as whoever uses the platform does.
const front = `require('node:http').createServer(async (asked, answer) => {
  try {
    const parts = [];
    for await (const part of asked) parts.push(part);
    const body = parts.length > 0 ? { body: Buffer.concat(parts) } : {};
    const headers = { 'content-type': 'application/json' };
    const heard = await fetch(process.env.API_URL + asked.url, { method: asked.method, headers, ...body });
    answer.writeHead(heard.status).end(await heard.text());
  } catch (error) {
    answer.writeHead(502).end(String(error));
  }
}).listen(8080)`;

/** Writes a Compose file for each host, and the platform file. */
export async function writePlatform(hosts: Hosts, options: PlatformOptions): Promise<void> {
  const { folder } = hosts;
  const secrets = join(folder, 'secrets');
  const platforms = join(folder, 'platforms');
  for (const path of [secrets, platforms]) await mkdir(path, { recursive: true });
  await writeFile(join(secrets, 's3_access_key'), options.s3.accessKey);
  await writeFile(join(secrets, 's3_secret_key'), options.s3.secretKey);
  for (const [host, file] of Object.entries(composeFiles(hosts, options, secrets))) {
    await mkdir(join(folder, 'compose', host), { recursive: true });
    await writeFile(join(folder, 'compose', host, 'docker-compose.yml'), yamlOf(file));
  }
  await writeFile(join(platforms, `${options.name}.yaml`), yamlOf(platformFile(hosts, options, secrets)));
}

const yamlOf = (document: object) => stringify(document, { aliasDuplicateObjects: false });

function composeFiles({ hosts }: Hosts, { s3, workerAtQueue }: PlatformOptions, secrets: string) {
  const [a, b] = hosts;
  const common = { version: '3.7', networks: { backend: { driver: 'bridge' } } };
  const service = (more: object) => ({ restart: 'on-failure', networks: ['backend'], ...more });
  const reaches = { ELASTICSEARCH_URL: `http://${a?.address ?? ''}:9200`, JOB_MILLISECONDS: '50' };
  const databaseEnvironment = {
    'discovery.type': 'single-node',
    ES_JAVA_OPTS: '-Xms512m -Xmx512m',
    'xpack.security.enabled': 'false',
    'cluster.routing.allocation.disk.threshold_enabled': 'false',
    's3.client.default.endpoint': s3.endpoint,
    's3.client.default.path_style_access': 'true',
  };
  const of = (program: string, more: object = {}) =>
    service({ image: core, command: ['node', program], environment: reaches, ...more });
  return {
    a: {
      ...common,
      services: {
        elasticsearch: service({
          image: elasticsearch,
          environment: databaseEnvironment,
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
          ...(workerAtQueue ? {} : { ports: ['2181:2181'] }),
          volumes: ['data:/data', 'log:/datalog'],
        }),
        api: of('api.mjs', { ports: ['8080:8080'] }),
        'job-executor': of('job-executor.mjs'),
        'job-distributor': of('job-distributor.mjs'),
      },
      volumes: { data: {}, log: {} },
    },
    c: {
      ...common,
      services: {
        web: service({
          image: core,
          command: ['node', '--eval', front],
          environment: { API_URL: `http://${b?.address ?? ''}:8080` },
        }),
      },
    },
  };
}

function platformFile({ hosts }: Hosts, { name, s3, workerAtQueue }: PlatformOptions, secrets: string): object {
  const { endpoint } = s3;
  const [a, b] = hosts;
  const accessKey = { file: join(secrets, 's3_access_key') };
  const secretKey = { file: join(secrets, 's3_secret_key') };
  const ask = "fetch('http://127.0.0.1:8080/healthz').then(({ ok }) => process.exit(Number(!ok)))";
  return {
    platform: name,
    deployment: {
      kind: 'compose',
      project: name,
      host: 'a',
      hosts: { zookeeper: 'b', api: 'b', 'job-executor': 'b', 'job-distributor': 'b', web: 'c' },
      data: ['elasticsearch', 'zookeeper'],
      core: ['api', 'job-executor', 'job-distributor', 'web'],
    },
    stores: [
      {
        name: 'documents',
        kind: 'elasticsearch',
        service: 'elasticsearch',
        address: a?.address,
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
        ...(workerAtQueue ? {} : { address: b?.address }),
        from: { store: 'documents', index: 'nuvla-job' },
        defaultPriority: 999,
      },
    ],
    catalogue: { kind: 's3', bucket: 'catalogue', endpoint, accessKey, secretKey },
    restore: { approval: 'required', outageSeconds: 60 },
    smoke: [
      { kind: 'command', service: 'web', command: ['node', '--eval', ask] },
      ...(workerAtQueue ? [{ service: 'api', port: 8080, path: '/healthz', expectStatus: 200 }] : []),
    ],
  };
}
