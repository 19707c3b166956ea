import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findTemporal } from '../../../cli/servers/temporal-server.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { findComposeTool } from '../../../stack/compose-tool.ts';
import { eventually } from '../../../stack/engine.ts';
import { expecting } from '../../expecting.ts';
import { listensWithTls, writeHostsFile, type Scheme } from './endpoints.ts';
import { docker, startHosts, type Host, type Hosts } from './engines.ts';
import { inventoryOf } from './inventory.ts';
import { imagesOf, writePlatform, type S3 } from './platform.ts';
import { makeProcesses, type CommandEnd, type Started } from './processes.ts';
import { inside } from './wire.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('../../../bin/rekindle.mjs', import.meta.url));
const cache = process.env['REKINDLE_CACHE'] ?? join(homedir(), '.cache', 'rekindle');
const versityGateway = join(cache, 'bin', 'versitygw-v1.8.0');

/** Engines and network namespaces are for root. */
export const possible = process.getuid?.() === 0 && existsSync(versityGateway);

/** A platform on three hosts, with its S3 server and Temporal on the wire between them. */
export interface ThreeHosts extends Hosts {
  platform: string;
  host(name: string): Host;
  /** A worker on that host, also of the hosts without one when it is a's; `options.program`: another Rekindle than this. */
  startWorker(name: string, options?: WorkerOptions): Promise<Started>;
  /** `rekindle` as an operator starts it, on the wire: it reaches Temporal and no engine. */
  begin(args: string[]): Started;
  rekindle(args: string[]): Promise<CommandEnd>;
  /** The same with `--json`, which must end with 0: the run. */
  demand(args: string[]): Promise<RunProgress>;
  /** `up --detach` on every host; it changes nothing where all is up to date. */
  composeUp(): Promise<void>;
  containerOf(host: string, service: string): Promise<string>;
  /** A request to the database; the parsed answer. */
  ask(path: string, options?: { method?: string; body?: unknown }): Promise<unknown>;
  /** A request to the API on b, through the front on c. */
  askApi(path: string, body?: unknown): Promise<unknown>;
  inventories(): Promise<Record<string, object>>;
}

export interface WorkerOptions {
  program?: string;
  environment?: Record<string, string>;
}

/** `endpoints`: the hosts that have no worker of their own, which a's serves. */
export async function openThreeHosts(endpoints: Record<string, Scheme> = {}): Promise<ThreeHosts> {
  const id = `rkh${randomBytes(2).toString('hex')}`;
  const platform = `${id}-demo`;
  const processes = makeProcesses();
  const hosts = await startHosts(id, {
    images: imagesOf,
    listens: (host, folder) => Promise.resolve(endpoints[host.name] === 'tls' ? listensWithTls(host, folder) : []),
  });
  const { wire, folder } = hosts;
  const host = (name: string) => {
    const found = hosts.hosts.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no host ${name}`);
    return found;
  };
  const environment = {
    REKINDLE_PLATFORMS: join(folder, 'platforms'),
    REKINDLE_KEY_FILE: join(folder, 'key.txt'),
    REKINDLE_STATE: join(folder, 'state'),
    REKINDLE_LOG_LEVEL: 'warn',
    REKINDLE_TASK_QUEUE: platform,
    TEMPORAL_ADDRESS: `${wire.address}:7233`,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  let hostsFile: Record<string, string> = {};
  const onWire = (command: string[], more: Record<string, string> = {}) => processes.start(inside(wire, command), more);
  const begin = (args: string[]) => onWire([process.execPath, program, ...args], environment);
  const rekindle = (args: string[]) => begin(args).ended;
  const curl = async (words: string[]) => {
    const [file = '', ...args] = inside(wire, ['curl', '-sS', '-m', '10', '-f', ...words]);
    return (await run(file, args)).stdout;
  };

  const three: ThreeHosts = {
    ...hosts,
    platform,
    host,
    begin,
    rekindle,
    async end() {
      await processes.end();
      await hosts.end();
    },
    async startWorker(name, options = {}) {
      const own = {
        ...environment,
        REKINDLE_HOST: name,
        DOCKER_HOST: host(name).dockerHost,
        ...(name === 'a' ? hostsFile : {}),
        ...options.environment,
      };
      const words = [process.execPath, options.program ?? program, 'worker'];
      const worker = processes.start(inside(host(name), words), own);
      await eventually(`worker of ${name}`, 60, () => {
        const text = worker.stdout() + worker.stderr();
        return /serves/.test(text) ? Promise.resolve() : Promise.reject(new Error(text));
      });
      return worker;
    },
    async demand(args) {
      const { exitCode, text, json } = await rekindle([...args, '--json']);
      expecting(exitCode, text).toBe(0);
      return json as RunProgress;
    },
    async composeUp() {
      const [file, ...words] = await findComposeTool();
      await Promise.all(
        hosts.hosts.map(async ({ name, dockerHost }) => {
          const cwd = join(folder, 'compose', name);
          const env = { ...process.env, DOCKER_HOST: dockerHost };
          await run(file, [...words, '--project-name', platform, 'up', '--detach'], { cwd, env });
        }),
      );
    },
    containerOf: (name, service) =>
      docker(host(name), ['ps', '--all', '--quiet', '--filter', `label=com.docker.compose.service=${service}`]),
    async ask(path, { method = 'GET', body } = {}) {
      const data = body === undefined ? [] : ['-H', 'content-type: application/json', '-d', JSON.stringify(body)];
      return JSON.parse(await curl(['-X', method, ...data, `http://${host('a').address}:9200${path}`])) as unknown;
    },
    async askApi(path, body) {
      const asking = `const [path, body] = process.argv.slice(1);
        const answer = await fetch('http://127.0.0.1:8080' + path, body ? { method: 'POST', body } : {});
        if (!answer.ok) throw new Error(await answer.text());
        console.log(await answer.text());`;
      const front = await three.containerOf('c', 'web');
      const words = ['node', '--input-type=module', '--eval', asking, path, ...(body ? [JSON.stringify(body)] : [])];
      return JSON.parse(await docker(host('c'), ['exec', front, ...words])) as unknown;
    },
    async inventories() {
      const found = hosts.hosts.map(async (each) => [each.name, await inventoryOf(each)] as const);
      return Object.fromEntries(await Promise.all(found));
    },
  };

  try {
    const s3: S3 = {
      endpoint: `http://${wire.address}:7070`,
      accessKey: 'key-of-the-test',
      secretKey: randomBytes(20).toString('hex'),
    };
    for (const bucket of ['snapshots', 'catalogue']) await mkdir(join(folder, 's3', bucket), { recursive: true });
    onWire([versityGateway, '--port', `${wire.address}:7070`, 'posix', join(folder, 's3')], {
      ROOT_ACCESS_KEY: s3.accessKey,
      ROOT_SECRET_KEY: s3.secretKey,
    });
    // The hosts reach it from their own networks, by the wire's address.
    onWire([findTemporal(process.env), 'server', 'start-dev', '--headless', '--ip', '0.0.0.0', '--log-level', 'error']);
    await writePlatform(hosts, { name: platform, s3, workerAtQueue: endpoints['b'] === undefined });
    const unserved = hosts.hosts.flatMap((each): [Host, Scheme][] => {
      const scheme = endpoints[each.name];
      return scheme ? [[each, scheme]] : [];
    });
    if (unserved.length > 0) hostsFile = { REKINDLE_HOSTS_FILE: await writeHostsFile(unserved, folder, processes) };
    const made = await rekindle(['keygen', environment.REKINDLE_KEY_FILE]);
    if (made.exitCode !== 0) throw new Error(made.text);
    await three.composeUp();
    await eventually('the platform is healthy', 300, () => curl([`http://${host('b').address}:8080/healthz`]));
    await three.askApi('/healthz');
  } catch (error) {
    await three.end();
    throw error;
  }
  return three;
}
