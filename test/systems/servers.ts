import { randomBytes } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import Docker from 'dockerode';
import { connectElasticsearch, type Client } from '../../systems/elasticsearch/client.ts';
import type { Exec } from '../../systems/elasticsearch/keystore.ts';
import { execIn } from '../../stack/exec-in.ts';

const docker = new Docker();

const usual = '8.19.0';
/** `first`: of the Elasticsearch that every test has; `others`: of what `another` starts. */
let versions = { first: usual, others: usual };

/** For the tests of this file: other versions of Elasticsearch, whose images only `npm run test:all` makes. */
export function useElasticsearch(wanted: Partial<typeof versions>): void {
  versions = { ...versions, ...wanted };
  afterAll(() => {
    versions = { first: usual, others: usual };
  });
}

export const usedElasticsearch = (): string => versions.first;

export const s3Keys = { accessKey: 'rekindle-test', secretKey: 'rekindle-test-secret' };

/** One Elasticsearch and one S3 server on a network of their own, under names of their own. */
export interface TestServers {
  elasticsearch: Docker.Container;
  s3: Docker.Container;
  /** Where Elasticsearch reaches the S3 server. */
  endpoint: string;
  /** Where this machine does. */
  endpointFromHere(): Promise<string>;
  /** A client for the present address; a restart may change it. */
  connect(): Promise<Client>;
  /** Runs a command in the Elasticsearch container, as the image's user. */
  exec: Exec;
  /** One more Elasticsearch on the same network, which knows the same S3 server; it ends with the others. */
  another(cluster: string, settings?: Record<string, string>): Promise<OtherElasticsearch>;
  createBucket(bucket: string): Promise<void>;
  listObjects(bucket: string): Promise<{ key: string; bytes: number }[]>;
  readObject(bucket: string, key: string): Promise<Uint8Array>;
  deleteObject(bucket: string, key: string): Promise<void>;
  stop(): Promise<void>;
}

export interface OtherElasticsearch extends Pick<TestServers, 'connect' | 'exec'> {
  container: Docker.Container;
  /** Where this machine reaches it now. */
  address(): Promise<string>;
}

/** `s3Megabytes`: the S3 server has room for so much, in memory. `versions`: its buckets can keep versions. */
export async function startServers({
  s3Megabytes,
  versions: kept = false,
}: { s3Megabytes?: number; versions?: boolean } = {}): Promise<TestServers> {
  const name = `rkt-${randomBytes(4).toString('hex')}`;
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of undo.toReversed()) await step().catch(() => undefined);
  };
  try {
    const network = await docker.createNetwork({ Name: name, Driver: 'bridge' });
    undo.push(() => network.remove());
    const start = async (
      image: string,
      role: string,
      env: string[],
      { command = [], tmpfs = {} }: { command?: string[]; tmpfs?: Record<string, string> } = {},
    ) => {
      const container = await docker.createContainer({
        Image: image,
        name: `${name}-${role}`,
        Env: env,
        Cmd: command,
        HostConfig: { NetworkMode: name, Tmpfs: tmpfs },
      });
      undo.push(() => container.remove({ force: true, v: true }));
      await container.start();
      return container;
    };
    const s3 = await start(
      'rekindle-stack/s3:1.8.0',
      's3',
      [`ROOT_ACCESS_KEY=${s3Keys.accessKey}`, `ROOT_SECRET_KEY=${s3Keys.secretKey}`],
      {
        command: kept ? ['--versioning-dir', '/versions'] : [],
        tmpfs: {
          ...(s3Megabytes !== undefined && { '/data': `size=${s3Megabytes}m` }),
          ...(kept && { '/versions': 'size=512m' }),
        },
      },
    );
    const endpoint = `http://${name}-s3:7070`;
    const settings = {
      'discovery.type': 'single-node',
      'cluster.routing.allocation.disk.threshold_enabled': 'false',
      's3.client.default.endpoint': endpoint,
      's3.client.default.path_style_access': 'true',
      's3.client.default.max_retries': '1',
    };
    const startElasticsearch = (role: string, version: string, more: Record<string, string> = {}) =>
      start(`rekindle-stack/elasticsearch:${version}`, role, ['ES_JAVA_OPTS=-Xms512m -Xmx512m'], {
        command: Object.entries({ ...settings, ...more }).map(([name, value]) => `-E${name}=${value}`),
      });
    const elasticsearch = await startElasticsearch('es', versions.first);
    const connect = async (container: Docker.Container) =>
      connectElasticsearch({ scheme: 'http', host: await addressOf(container, name), port: 9200 });
    const endpointFromHere = async () => `http://${await addressOf(s3, name)}:7070`;
    const withS3 = async <T>(work: (client: S3Client) => Promise<T>): Promise<T> => {
      const client = new S3Client({
        endpoint: await endpointFromHere(),
        region: 'us-east-1',
        forcePathStyle: true,
        credentials: { accessKeyId: s3Keys.accessKey, secretAccessKey: s3Keys.secretKey },
      });
      try {
        return await work(client);
      } finally {
        client.destroy();
      }
    };
    return {
      elasticsearch,
      s3,
      endpoint,
      endpointFromHere,
      stop,
      connect: () => connect(elasticsearch),
      async another(cluster, more) {
        const container = await startElasticsearch(cluster, versions.others, { 'cluster.name': cluster, ...more });
        return {
          container,
          address: () => addressOf(container, name),
          connect: () => connect(container),
          exec: (command, stdin) => execIn(container, command, stdin),
        };
      },
      exec: (command, stdin) => execIn(elasticsearch, command, stdin),
      createBucket: (bucket) =>
        withS3(async (client) => {
          await client.send(new CreateBucketCommand({ Bucket: bucket }));
        }),
      listObjects: (bucket) =>
        withS3(async (client) => {
          const objects: { key: string; bytes: number }[] = [];
          for (let token: string | undefined, more = true; more;) {
            const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }));
            objects.push(...(page.Contents ?? []).map(({ Key = '', Size = 0 }) => ({ key: Key, bytes: Size })));
            token = page.NextContinuationToken;
            more = token !== undefined;
          }
          return objects;
        }),
      readObject: (bucket, key) =>
        withS3(async (client) => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
          return Body?.transformToByteArray() ?? new Uint8Array();
        }),
      deleteObject: (bucket, key) =>
        withS3(async (client) => {
          await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
        }),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function addressOf(container: Docker.Container, network: string): Promise<string> {
  const { NetworkSettings } = await container.inspect();
  return NetworkSettings.Networks[network]?.IPAddress ?? '';
}
