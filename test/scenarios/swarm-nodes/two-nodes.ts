import Docker from 'dockerode';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../../stack/engine.ts';
import { docker, startHosts, type Hosts } from '../hosts/engines.ts';
import { openOnTheWire, type OnTheWire } from '../hosts/on-the-wire.ts';
import { platformFile } from '../swarm/platform-file.ts';
import { images, networks, s3Image, stacks, type Stack } from '../swarm/stack-files.ts';

/** A small Nuvla on a swarm of two nodes, each with an engine of its own: `manager`, and `data` with the data services. */
export interface TwoNodes extends Hosts, OnTheWire {
  platform: string;
  platformFile: string;
  /** In the order of Nuvla's guide. */
  stacks: readonly Stack[];
  /** The manager's. */
  docker: Docker;
  /** `docker` on that node; throws with its words. */
  on: (node: 'manager' | 'data', ...args: string[]) => Promise<string>;
  deploy: (stack: Stack) => Promise<void>;
  /** A request to the database, made inside its container; the parsed answer. */
  ask: (path: string, method?: string, body?: string) => Promise<unknown>;
  /** A document that a restore brings back, or that it undoes. */
  write: (user: string) => Promise<unknown>;
  isThere: (user: string) => Promise<boolean>;
  /** All stacks in their order, each waited for. */
  deployAll: () => Promise<void>;
  /** Of all stacks, until no node has a task; volumes and networks stay. */
  removeServices: () => Promise<void>;
  /** Services, volumes and networks of all stacks, and the config, are gone on both nodes. */
  destroy: () => Promise<void>;
  /** Volumes of the stacks, by node. */
  volumes: () => Promise<Record<string, string[]>>;
}

const inOrder: Stack[] = ['db', 'streams', 'nuvla'];
const lines = (text: string) => text.split('\n').filter(Boolean);

export async function openTwoNodes(): Promise<TwoNodes> {
  const id = `rkn${randomBytes(2).toString('hex')}`;
  const platform = `${id}-nuvla`;
  const wanted = images.filter((image) => image !== s3Image);
  const hosts = await startHosts(id, { images: { manager: wanted, data: wanted } });
  const { folder } = hosts;
  let onTheWire: OnTheWire | undefined;
  const end = async () => {
    await onTheWire?.end();
    await hosts.end();
  };
  try {
    onTheWire = await openOnTheWire(hosts, platform);
    const { host, s3 } = onTheWire;
    // The api beside its database: core services may run on any node.
    const files = stacks(s3.endpoint, { api: 'node.labels.worker-db == true', streams: 'node.role == manager' });
    const on: TwoNodes['on'] = (node, ...args) => docker(host(node), args);
    const nodes: TwoNodes = {
      ...hosts,
      ...onTheWire,
      platform,
      platformFile: join(folder, 'platforms', `${platform}.yaml`),
      stacks: inOrder,
      docker: new Docker({ socketPath: host('manager').dockerHost.slice('unix://'.length) }),
      end,
      on,
      async deploy(stack) {
        const file = join(folder, `${stack}.yaml`);
        await writeFile(file, files[stack]);
        await on('manager', 'stack', 'deploy', '--compose-file', file, stack);
      },
      async ask(path, method = 'GET', body) {
        const [container = ''] = lines(
          await on('data', 'ps', '--quiet', '--filter', 'label=com.docker.swarm.service.name=db_es'),
        );
        const data = body === undefined ? [] : ['-H', 'content-type: application/json', '-d', body];
        const curl = ['curl', '-sS', '-m', '30', '-f', '-X', method, ...data, `http://localhost:9200${path}`];
        return JSON.parse(await on('data', 'exec', container, ...curl)) as unknown;
      },
      write: (user) =>
        nodes.ask(`/nuvla-user/_doc/${user}?refresh=true`, 'PUT', JSON.stringify({ id: `user/${user}` })),
      async isThere(user) {
        const { hits } = (await nodes.ask('/nuvla-user/_search?size=100')) as { hits: { hits: { _id: string }[] } };
        return hits.hits.some(({ _id }) => _id === user);
      },
      async deployAll() {
        // The api is killed as unhealthy when its database takes long.
        await nodes.deploy('db');
        await eventually('the database answers', 180, () => nodes.ask('/_cluster/health?wait_for_status=yellow'));
        for (const stack of inOrder.slice(1)) await nodes.deploy(stack);
        await eventually('all tasks run', 180, () => complete(nodes));
        await eventually('the api has made its indices', 60, () => nodes.ask('/nuvla-job/_count'));
      },
      async removeServices() {
        for (const stack of inOrder.toReversed()) await on('manager', 'stack', 'rm', stack);
        await untilNoTask(on);
      },
      async destroy() {
        await nodes.removeServices();
        for (const [node, names] of Object.entries(await nodes.volumes()))
          for (const name of names) await on(node as 'data', 'volume', 'rm', name);
        for (const network of networks) await on('manager', 'network', 'rm', network);
        await on('manager', 'config', 'rm', 'api-settings');
      },
      async volumes() {
        const those = ['volume', 'ls', '--quiet', '--filter', 'label=com.docker.stack.namespace'];
        return { manager: lines(await on('manager', ...those)), data: lines(await on('data', ...those)) };
      },
    };
    await writePlatform(nodes);
    await joinSwarm(nodes);
    await nodes.deployAll();
    return nodes;
  } catch (error) {
    await end();
    throw error;
  }
}

async function joinSwarm({ on, host, folder }: TwoNodes): Promise<void> {
  const { address } = host('manager');
  await on('manager', 'swarm', 'init', '--advertise-addr', address);
  const token = await on('manager', 'swarm', 'join-token', '--quiet', 'worker');
  await on('data', 'swarm', 'join', '--token', token, `${address}:2377`);
  await on('manager', 'node', 'update', '--label-add', 'worker-db=true', 'data');
  for (const network of networks)
    await on('manager', 'network', 'create', '--driver', 'overlay', '--attachable', network);
  for (const secret of ['s3_access_key', 's3_secret_key'])
    await on('manager', 'secret', 'create', secret, join(folder, secret));
  await writeFile(join(folder, 'api-settings'), '{:nuvla true}');
  await on('manager', 'config', 'create', 'api-settings', join(folder, 'api-settings'));
}

async function writePlatform({ folder, platform, platformFile: file, s3 }: TwoNodes): Promise<void> {
  await mkdir(join(folder, 'platforms'), { recursive: true });
  await writeFile(join(folder, 's3_access_key'), s3.accessKey);
  await writeFile(join(folder, 's3_secret_key'), s3.secretKey);
  const text = platformFile({ name: platform, folder, s3Endpoint: s3.endpoint, host: 'manager', outageSeconds: 30 });
  await writeFile(file, text.replace('nuvla-es-backup', 'snapshots'));
}

async function complete({ on }: TwoNodes): Promise<void> {
  const replicas = lines(await on('manager', 'service', 'ls', '--format', '{{.Name}} {{.Replicas}}'));
  const short = replicas.filter((line) => !/ (\d+)\/\1$/.test(line));
  if (short.length === 0) return;
  const [service = ''] = (short[0] ?? '').split(' ');
  const columns = '{{.Node}}: {{.CurrentState}} {{.Error}}';
  const why = await on('manager', 'service', 'ps', '--no-trunc', '--format', columns, service);
  const log = await on('manager', 'service', 'logs', '--raw', '--tail', '10', service).catch(String);
  throw new Error(`${short.join(', ')}\n${why}\n${log}`);
}

async function untilNoTask(on: TwoNodes['on']): Promise<void> {
  const those = ['ps', '--all', '--quiet', '--filter', 'label=com.docker.swarm.service.name'];
  for (const node of ['manager', 'data'] as const)
    await eventually(`no task on ${node}`, 60, async () => {
      if ((await on(node, ...those)) !== '') throw new Error('some are left');
    });
}
