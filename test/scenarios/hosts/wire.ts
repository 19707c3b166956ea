import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTemporal } from '../../../cli/servers/temporal-server.ts';
import { eventually } from '../../../stack/engine.ts';
import { inside, type Host, type Hosts } from './engines.ts';
import type { S3 } from './platform.ts';

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

/** A command that is looked at while it runs. */
export interface Following {
  /** Waits until what it printed so far matches. */
  saw: (words: RegExp, seconds?: number) => Promise<void>;
  ended: Promise<CommandEnd>;
}

/** Rekindle on hosts: workers on each, and on the wire between them what all of them use, an S3 server and Temporal. */
export interface OnTheWire {
  s3: S3;
  host: (name: string) => Host;
  /** Resolves, when it serves, with what kills it. */
  startWorker(name: string): Promise<() => Promise<void>>;
  /** `rekindle` as an operator starts it, on the wire: it reaches Temporal and no engine. */
  rekindle(args: string[], withinSeconds?: number): Promise<CommandEnd>;
  follow: (args: string[], withinSeconds?: number) => Following;
  end(): Promise<void>;
}

/** `platform` is also the task queue. Buckets: `snapshots` and `catalogue`; platform files lie in `<folder>/platforms`. */
export async function openWire({ hosts, wire, folder }: Hosts, platform: string): Promise<OnTheWire> {
  const children: ChildProcess[] = [];
  const onWire = (command: string[], environment: Record<string, string> = {}) =>
    startChild(children, inside(wire.namespace, command), environment);
  const host = (name: string) => {
    const found = hosts.find((each) => each.name === name);
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
  const follow = (args: string[], withinSeconds = 240) =>
    following(onWire([process.execPath, program, ...args], environment), withinSeconds, args.join(' '));
  const opened: OnTheWire = {
    s3: {
      endpoint: `http://${wire.address}:7070`,
      accessKey: 'key-of-the-test',
      secretKey: randomBytes(20).toString('hex'),
    },
    host,
    async startWorker(name) {
      const { namespace, dockerHost } = host(name);
      const own = { ...environment, REKINDLE_HOST: name, DOCKER_HOST: dockerHost };
      const child = startChild(children, inside(namespace, [process.execPath, program, 'worker']), own);
      await following(child, 3600, `worker of ${name}`).saw(/serves/, 60);
      return () => stop(child, 'SIGKILL');
    },
    follow,
    rekindle: (args, withinSeconds) => follow(args, withinSeconds).ended,
    async end() {
      for (const child of children.toReversed()) await stop(child, 'SIGKILL');
    },
  };
  try {
    const { accessKey, secretKey } = opened.s3;
    for (const bucket of ['snapshots', 'catalogue']) await mkdir(join(folder, 's3', bucket), { recursive: true });
    onWire([versityGateway, '--port', `${wire.address}:7070`, 'posix', join(folder, 's3')], {
      ROOT_ACCESS_KEY: accessKey,
      ROOT_SECRET_KEY: secretKey,
    });
    onWire([findTemporal(process.env), 'server', 'start-dev', '--headless', '--ip', '0.0.0.0', '--log-level', 'error']);
    const made = await opened.rekindle(['keygen', environment.REKINDLE_KEY_FILE]);
    if (made.exitCode !== 0) throw new Error(made.text);
  } catch (error) {
    await opened.end();
    throw error;
  }
  return opened;
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

function following(child: ChildProcess, withinSeconds: number, what: string): Following {
  const text = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()));
  const limit = setTimeout(() => child.kill('SIGKILL'), withinSeconds * 1000);
  const said = () => `${text.stdout}\n${text.stderr}`;
  const ended = new Promise<CommandEnd>((resolve) =>
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve({ exitCode: code ?? -1, text: said(), json: parsed(text.stdout) });
    }),
  );
  return {
    ended,
    saw: (words, seconds = 60) =>
      eventually(`"${what}" says ${String(words)}`, seconds, () =>
        words.test(said()) ? Promise.resolve() : Promise.reject(new Error(`it said:\n${said()}`)),
      ),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
