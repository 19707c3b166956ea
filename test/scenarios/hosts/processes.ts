import { spawn, type ChildProcess } from 'node:child_process';

/** The end of a command, which is an outcome and no error. */
export interface CommandEnd {
  /** -1 after a signal. */
  exitCode: number;
  /** All that it printed. */
  text: string;
  /** The document of `--json`; undefined when standard output is none. */
  json: unknown;
}

export interface Processes {
  start(command: string[], environment?: Record<string, string>): Started;
  /** Kills what still runs, the last first. */
  end(): Promise<void>;
}

export interface Started {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves when it is dead. */
  stop(signal: NodeJS.Signals): Promise<void>;
  ended: Promise<CommandEnd>;
}

/** Nothing of these reaches the processes from the shell that runs the tests. */
const foreign = /^(REKINDLE_|TEMPORAL_|COMPOSE_|DOCKER_)/;

export function makeProcesses(): Processes {
  const all: Started[] = [];
  return {
    start(command, environment = {}) {
      const started = start(command, environment);
      all.push(started);
      return started;
    },
    async end() {
      for (const each of all.toReversed()) await each.stop('SIGKILL');
    },
  };
}

function start([file = '', ...args]: string[], environment: Record<string, string>): Started {
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const child = spawn(file, args, {
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<CommandEnd>((resolve) => {
    child.once('error', (error) => resolve({ exitCode: -1, text: String(error), json: undefined }));
    child.once('close', (code) => {
      resolve({ exitCode: code ?? -1, text: `${stdout}\n${stderr}`, json: parsed(stdout) });
    });
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    async stop(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await ended;
    },
    ended,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
