import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTemporal } from '../../../cli/servers/temporal-server.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { eventually } from '../../../stack/engine.ts';
import { expecting } from '../../expecting.ts';
import type { Host, Hosts } from './engines.ts';
import type { S3 } from './platform.ts';
import { makeProcesses, type CommandEnd, type Processes, type Started } from './processes.ts';
import { inside } from './wire.ts';

const program = fileURLToPath(new URL('../../../bin/rekindle.mjs', import.meta.url));
const cache = process.env['REKINDLE_CACHE'] ?? join(homedir(), '.cache', 'rekindle');
export const versityGateway = join(cache, 'bin', 'versitygw-v1.8.0');

/** Engines and network namespaces are for root. */
export const possible = process.getuid?.() === 0 && existsSync(versityGateway);

/** Rekindle on hosts: workers on each, and on the wire between them what all of them use, an S3 server and Temporal. */
export interface OnTheWire {
  s3: S3;
  host: (name: string) => Host;
  startWorker: (name: string, options?: WorkerOptions) => Promise<Started>;
  /** `rekindle` as an operator starts it, on the wire: it reaches Temporal and no engine. */
  begin: (args: string[]) => Started;
  rekindle: (args: string[]) => Promise<CommandEnd>;
  /** The same with `--json`, which must end with 0: the run. */
  demand: (args: string[]) => Promise<RunProgress>;
  end: () => Promise<void>;
}

export interface WorkerOptions {
  /** Another Rekindle than this. */
  program?: string;
  environment?: Record<string, string>;
}

/** `platform` is also the task queue. Buckets: `snapshots` and `catalogue`; platform files lie in `<folder>/platforms`. */
export async function openOnTheWire(
  { hosts, wire, folder }: Hosts,
  platform: string,
  processes: Processes = makeProcesses(),
): Promise<OnTheWire> {
  const environment = {
    REKINDLE_PLATFORMS: join(folder, 'platforms'),
    REKINDLE_KEY_FILE: join(folder, 'key.txt'),
    REKINDLE_STATE: join(folder, 'state'),
    REKINDLE_LOG_LEVEL: 'warn',
    REKINDLE_TASK_QUEUE: platform,
    TEMPORAL_ADDRESS: `${wire.address}:7233`,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const host = (name: string) => {
    const found = hosts.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no host ${name}`);
    return found;
  };
  const begin = (args: string[]) => processes.start(inside(wire, [process.execPath, program, ...args]), environment);
  const rekindle = (args: string[]) => begin(args).ended;
  const s3: S3 = {
    endpoint: `http://${wire.address}:7070`,
    accessKey: 'key-of-the-test',
    secretKey: randomBytes(20).toString('hex'),
  };
  const end = () => processes.end();
  try {
    for (const bucket of ['snapshots', 'catalogue']) await mkdir(join(folder, 's3', bucket), { recursive: true });
    const gateway = [versityGateway, '--port', `${wire.address}:7070`, 'posix', join(folder, 's3')];
    processes.start(inside(wire, gateway), { ROOT_ACCESS_KEY: s3.accessKey, ROOT_SECRET_KEY: s3.secretKey });
    // The hosts reach it from their own networks, by the wire's address.
    const temporal = [findTemporal(process.env), 'server', 'start-dev', '--headless', '--ip', '0.0.0.0'];
    processes.start(inside(wire, [...temporal, '--log-level', 'error']));
    const made = await rekindle(['keygen', environment.REKINDLE_KEY_FILE]);
    if (made.exitCode !== 0) throw new Error(made.text);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    s3,
    host,
    begin,
    rekindle,
    async demand(args) {
      const { exitCode, text, json } = await rekindle([...args, '--json']);
      expecting(exitCode, text).toBe(0);
      return json as RunProgress;
    },
    async startWorker(name, options = {}) {
      const own = { REKINDLE_HOST: name, DOCKER_HOST: host(name).dockerHost, ...options.environment };
      const words = [process.execPath, options.program ?? program, 'worker'];
      const worker = processes.start(inside(host(name), words), { ...environment, ...own });
      await untilItSays(worker, /serves/);
      return worker;
    },
    end,
  };
}

/** Waits until what it printed so far matches. */
export async function untilItSays(started: Started, words: RegExp, seconds = 60): Promise<void> {
  await eventually(`it says ${String(words)}`, seconds, () => {
    const text = started.stdout() + started.stderr();
    return words.test(text) ? Promise.resolve() : Promise.reject(new Error(text));
  });
}
