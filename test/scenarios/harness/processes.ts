import { type ChildProcess, spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../bin/rekindle.mjs', import.meta.url));
/** None of these reaches Rekindle from the shell that runs the tests: a scenario says all that counts. */
const ours = /^(REKINDLE_|TEMPORAL_|COMPOSE_)/;

export type Environment = Record<string, string>;

/** Where a scenario's Rekindle finds things; `REKINDLE_TASK_QUEUE` keeps the scenarios' workers apart. */
export interface Reach {
  platformsFolder: string;
  keyFile: string;
  temporalAddress: string;
  taskQueue: string;
}

export function environmentOf(reach: Reach): Environment {
  return {
    REKINDLE_PLATFORMS: reach.platformsFolder,
    REKINDLE_KEY_FILE: reach.keyFile,
    REKINDLE_STATE: join(dirname(reach.keyFile), 'gateway-state'),
    TEMPORAL_ADDRESS: reach.temporalAddress,
    // Nor does what this user has configured for Temporal.
    TEMPORAL_CONFIG_FILE: devNull,
    REKINDLE_TASK_QUEUE: reach.taskQueue,
  };
}

export interface Ended {
  /** -1 after a signal. */
  exitCode: number;
  stdout: string;
  stderr: string;
  /** The document of `--json`; undefined when standard output is none. */
  json: unknown;
}

/** `rekindle` as a user starts it; standard input is closed. */
export function startRekindle(args: string[], environment: Environment): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !ours.test(name));
  const env = { ...Object.fromEntries(inherited), ...environment };
  return spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs a command of Rekindle to its end; its exit code is an outcome, not an error. */
export async function runRekindle(args: string[], environment: Environment, withinSeconds = 240): Promise<Ended> {
  const child = startRekindle(args, environment);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const limit = setTimeout(() => child.kill('SIGKILL'), withinSeconds * 1000);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
  clearTimeout(limit);
  return { exitCode, stdout: stdout(), stderr: stderr(), json: parsed(stdout()) };
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface WorkerProcess {
  /** With its host, what Temporal knows it by: `<pid>@<host>`. */
  pid: number;
  /** SIGKILL: it can tidy up nothing. Resolves when it is dead. */
  kill(): Promise<void>;
  /** SIGTERM, as an operator ends it. */
  stop(): Promise<void>;
  output(): string;
}

/** `rekindle worker` as a child; resolves when it says that it serves. */
export async function startWorkerProcess(environment: Environment): Promise<WorkerProcess> {
  const child = startRekindle(['worker'], { REKINDLE_LOG_LEVEL: 'warn', ...environment });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const output = () => stdout() + stderr();
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await closed;
    clearTimeout(force);
  };
  try {
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`the worker did not start:\n${output()}`)), 90_000);
      child.stdout?.on('data', () => {
        if (!/serves/.test(stdout())) return;
        clearTimeout(limit);
        resolve();
      });
      child.once('close', () => {
        clearTimeout(limit);
        reject(new Error(`the worker ended at once:\n${output()}`));
      });
    });
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return { pid: child.pid ?? 0, kill: () => end('SIGKILL'), stop: () => end('SIGTERM'), output };
}
