import { Client } from '@elastic/elasticsearch';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../../stack/engine.ts';
import { seedPlatform, type Seeded } from '../../../stack/seed.ts';
import { Zookeeper } from '../../../stack/zookeeper.ts';
import { connectDocker, type DockerEngine } from '../../../systems/docker/engine.ts';
import { startSwarmEngine, type SwarmEngine } from '../../swarm-engine.ts';
import { streamRekindle, type Streamed } from '../faults-tools/streamed.ts';
import { facts } from '../harness/index.ts';
import {
  environmentOf,
  runRekindle,
  startWorkerProcess,
  type Ended,
  type Environment,
  type WorkerProcess,
} from '../harness/processes.ts';
import { platformFile } from './platform-file.ts';
import { images, networks, s3Image, stacks, type Stack } from './stack-files.ts';

/** A small Nuvla on a swarm of its own, and Rekindle's processes that serve it. */
export interface SmallNuvla {
  name: string;
  swarm: SwarmEngine;
  engine: DockerEngine;
  seeded: Seeded;
  platformFile: string;
  rekindle: (args: string[], withinSeconds?: number) => Promise<Ended>;
  follow: (args: string[]) => Streamed;
  startWorker: () => Promise<WorkerProcess>;
  /** Rekindle's processes with a folder of their own for platform files, catalogue and state: nothing of `name` is in it. */
  apart: (folder: string) => Pick<SmallNuvla, 'rekindle' | 'startWorker'>;
  deploy: (stack: Stack) => Promise<void>;
  withElasticsearch: <T>(work: (client: Client) => Promise<T>) => Promise<T>;
  /** Of the queue, by name. */
  entries: () => Promise<string[]>;
  end: () => Promise<void>;
}

const size = { seed: 'swarm', documents: 2_000, jobs: 300, incompressibleBytes: 0 };
const inOrder: Stack[] = ['db', 'streams', 'nuvla'];

/** Swarm, networks, secrets and configs; the stacks in the order of Nuvla's guide, and content in between. */
export async function startSmallNuvla(): Promise<SmallNuvla> {
  const swarm = await startSwarmEngine(images);
  const workers: WorkerProcess[] = [];
  const end = async () => {
    for (const worker of workers) await worker.kill();
    await swarm.end();
  };
  try {
    const engine = connectDocker({ host: swarm.host });
    const s3Endpoint = await startS3(swarm);
    await prepare(swarm);
    const files = stacks(s3Endpoint);
    const deploy = async (stack: Stack) => {
      const file = join(swarm.folder, `${stack}.yaml`);
      await writeFile(file, files[stack]);
      await swarm.cli(['stack', 'deploy', '--compose-file', file, stack]);
    };
    const access = accessTo(engine);
    await deploy('db');
    const zookeeper = access.zookeeper();
    const seeded = await access.withElasticsearch(
      (client) => seedPlatform(Promise.resolve(client), zookeeper, size),
      180,
    );
    (await zookeeper).close();
    for (const stack of inOrder.slice(1)) await deploy(stack);
    await engine.awaitHealthy(
      ['db_es', 'db_zk', 'streams_subs-notifs', 'nuvla_api', 'nuvla_job-executor', 'nuvla_job-distributor'].map(
        (service) => `service:${service}`,
      ),
      { timeoutSeconds: 180, settleSeconds: 1 },
    );

    const name = `swarm-${randomBytes(3).toString('hex')}`;
    const platforms = join(swarm.folder, 'platforms');
    await mkdir(platforms);
    const file = join(platforms, `${name}.yaml`);
    await writeFile(file, platformFile({ name, folder: swarm.folder, s3Endpoint }));
    const { keyFile, temporalAddress } = facts();
    const environment = {
      ...environmentOf({ platformsFolder: platforms, keyFile, temporalAddress, taskQueue: name }),
      DOCKER_HOST: swarm.host,
    };
    const processesWith = (given: Environment): Pick<SmallNuvla, 'rekindle' | 'startWorker'> => ({
      rekindle: (args, withinSeconds) => runRekindle(args, given, withinSeconds),
      async startWorker() {
        const worker = await startWorkerProcess(given);
        workers.push(worker);
        return worker;
      },
    });
    return {
      name,
      swarm,
      engine,
      seeded,
      platformFile: file,
      deploy,
      end,
      ...processesWith(environment),
      apart: (folder) =>
        processesWith({
          ...environment,
          REKINDLE_PLATFORMS: join(folder, 'platforms'),
          REKINDLE_STATE: join(folder, 'state'),
          REKINDLE_TASK_QUEUE: `${name}-apart`,
        }),
      follow: (args) => streamRekindle(args, environment, 480),
      withElasticsearch: (work) => access.withElasticsearch(work),
      async entries() {
        const session = await access.zookeeper();
        const names = await session.children('/job/entries');
        session.close();
        return names;
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** On the engine's machine, in no stack: no disaster touches it, and it has the same address when the engine was started anew. */
async function startS3(swarm: SwarmEngine): Promise<string> {
  const [accessKeyId, secretAccessKey] = [randomBytes(10).toString('hex'), randomBytes(20).toString('hex')];
  for (const [secret, value] of [
    ['s3_access_key', accessKeyId],
    ['s3_secret_key', secretAccessKey],
  ] as const) {
    await writeFile(join(swarm.folder, secret), value);
    await swarm.cli(['secret', 'create', secret, '-'], value);
  }
  const variables = [`ROOT_ACCESS_KEY=${accessKeyId}`, `ROOT_SECRET_KEY=${secretAccessKey}`, 'VGW_PORT=:7070'];
  const given = variables.flatMap((variable) => ['--env', variable]);
  await swarm.cli([
    'run',
    '--detach',
    '--name',
    's3',
    '--network',
    'host',
    '--restart',
    'unless-stopped',
    ...given,
    s3Image,
  ]);
  const endpoint = `http://${swarm.address}:7070`;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  for (const Bucket of ['nuvla-es-backup', 'catalogue'])
    await eventually(`the bucket ${Bucket}`, 20, () => client.send(new CreateBucketCommand({ Bucket })));
  client.destroy();
  return endpoint;
}

/** What Nuvla's guide makes before the first stack. */
async function prepare({ cli }: SwarmEngine): Promise<void> {
  await cli(['node', 'update', '--label-add', 'worker-db=true', (await cli(['node', 'ls', '--quiet'])).trim()]);
  await cli(['config', 'create', 'api-settings', '-'], '{:nuvla true}');
  for (const network of networks) await cli(['network', 'create', '--driver', 'overlay', '--attachable', network]);
}

/** Looks at the stores from this host, as the worker does. */
function accessTo(engine: DockerEngine) {
  const addressOf = async (service: string, port: number) =>
    engine.reach(`service:${service}`, port).then(({ host }) => `${host}:${port}`);
  return {
    async withElasticsearch<T>(work: (client: Client) => Promise<T>, seconds = 30): Promise<T> {
      const node = await eventually('Elasticsearch', seconds, async () => `http://${await addressOf('db_es', 9200)}`);
      const client = new Client({ node, maxRetries: 0, requestTimeout: 60_000 });
      try {
        await eventually('a usable cluster', seconds, () =>
          client.cluster.health({ wait_for_status: 'yellow', timeout: '1s' }),
        );
        return await work(client);
      } finally {
        await client.close();
      }
    },
    zookeeper: async () => Zookeeper.connect(await eventually('ZooKeeper', 30, () => addressOf('db_zk', 2181)), 30),
  };
}
