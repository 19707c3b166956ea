import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findTemporal } from '../../../cli/servers/temporal-server.ts';
import { eventually } from '../../../stack/engine.ts';
import { bringImages, inside, startHosts, type Host, type Hosts } from './engines.ts';
import { imagesOf, writePlatform, type S3 } from './platform.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('../../../bin/rekindle.mjs', import.meta.url));
export const versityGateway = join(
  process.env['REKINDLE_CACHE'] ?? join(homedir(), '.cache', 'rekindle'),
  'bin',
  'versitygw-v1.8.0',
);

export interface CommandEnd {
  exitCode: number;
  text: string;
  json: unknown;
}

/** A platform on three hosts, with its S3 server and Temporal on the wire between them. */
export interface ThreeHosts extends Hosts {
  platform: string;
  host: (name: string) => Host;
  startWorker(name: string): Promise<() => Promise<void>>;
  /** `rekindle` as an operator starts it, on the wire: it reaches Temporal and no engine. */
  rekindle(args: string[], withinSeconds?: number): Promise<CommandEnd>;
  compose(name: string, args: string[]): Promise<void>;
  /** A request to the database or the API; the parsed answer. */
  ask(path: string, options?: { method?: string; body?: unknown; port?: number; on?: string }): Promise<unknown>;
}

export async function openThreeHosts(): Promise<ThreeHosts> {
  const id = `rkh${randomBytes(2).toString('hex')}`;
  const platform = `${id}-demo`;
  const children: ChildProcess[] = [];
  const hosts = await startHosts(id, ['a', 'b', 'c']);
  const { wire, folder } = hosts;
  const address = `${wire.address}:7233`;
  const onWire = (command: string[], environment: Record<string, string> = {}) =>
    startChild(children, inside(wire.namespace, command), environment);
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
    TEMPORAL_ADDRESS: address,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const end = async () => {
    for (const child of children.toReversed()) await stop(child, 'SIGKILL');
    await hosts.end();
  };
  const three: ThreeHosts = {
    ...hosts,
    platform,
    host,
    end,
    async startWorker(name) {
      const { namespace, dockerHost } = host(name);
      const own = { ...environment, REKINDLE_HOST: name, DOCKER_HOST: dockerHost };
      const child = startChild(children, inside(namespace, [process.execPath, program, 'worker']), own);
      let text = '';
      child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
      child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
      await eventually(`worker of ${name}`, 60, () => {
        if (!/serves/.test(text)) throw new Error(text);
        return Promise.resolve();
      });
      return () => stop(child, 'SIGKILL');
    },
    rekindle: (args, withinSeconds = 200) =>
      command(inside(wire.namespace, [process.execPath, program, ...args]), environment, withinSeconds),
    async compose(name, args) {
      const cwd = join(folder, 'compose', name);
      const env = { ...process.env, DOCKER_HOST: host(name).dockerHost };
      await run('docker-compose', ['--project-name', platform, ...args], { cwd, env });
    },
    async ask(path, { method = 'GET', body, port = 9200, on = 'a' } = {}) {
      const data = body === undefined ? [] : ['-H', 'content-type: application/json', '-d', JSON.stringify(body)];
      const url = `http://${host(on).address}:${port}${path}`;
      const curl = ['curl', '-sS', '-m', '10', '-f', '-X', method, ...data, url];
      const [file = '', ...args] = inside(wire.namespace, curl);
      return JSON.parse((await run(file, args)).stdout) as unknown;
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
    onWire([findTemporal(process.env), 'server', 'start-dev', '--headless', '--ip', '0.0.0.0', '--log-level', 'error']);
    await Promise.all([
      writePlatform(hosts, platform, s3),
      ...hosts.hosts.map((each) => bringImages(each, imagesOf[each.name] ?? [])),
    ]);
    const made = await three.rekindle(['keygen', environment.REKINDLE_KEY_FILE]);
    if (made.exitCode !== 0) throw new Error(made.text);
    await Promise.all(['a', 'b', 'c'].map((name) => three.compose(name, ['up', '-d'])));
    await eventually('the platform is healthy', 90, () => three.ask('/healthz', { port: 8080, on: 'c' }));
  } catch (error) {
    await end();
    throw error;
  }
  return three;
}

function startChild(
  children: ChildProcess[],
  [file = '', ...args]: string[],
  environment: Record<string, string>,
): ChildProcess {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(REKINDLE_|TEMPORAL_|COMPOSE_|DOCKER_)/.test(name),
  );
  const child = spawn(file, args, {
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.resume();
  child.stderr.resume();
  children.push(child);
  return child;
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

async function command(
  words: string[],
  environment: Record<string, string>,
  withinSeconds: number,
): Promise<CommandEnd> {
  const children: ChildProcess[] = [];
  const child = startChild(children, words, environment);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const limit = setTimeout(() => child.kill('SIGKILL'), withinSeconds * 1000);
  const exitCode = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  clearTimeout(limit);
  let json: unknown;
  try {
    json = JSON.parse(stdout) as unknown;
  } catch {
    json = undefined;
  }
  return { exitCode, text: `${stdout}\n${stderr}`, json };
}
