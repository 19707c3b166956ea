import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface CommandOptions {
  cwd?: string;
  environment?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

export interface Finished {
  stdout: string;
  /** Wall time from the program's start to its end. */
  seconds: number;
}

/** Runs a program to its end. Throws with its last lines when it does not end with exit code 0. */
export async function run([program = '', ...args]: string[], options: CommandOptions = {}): Promise<Finished> {
  const began = performance.now();
  const { cwd, environment, signal } = options;
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...environment },
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return { stdout: output.stdout, seconds: (performance.now() - began) / 1000 };
  const lines = `${output.stdout}\n${output.stderr}`.trim().split('\n').slice(-20).join('\n');
  throw new Error(`${[program, ...args].join(' ')} ended with ${String(code)}:\n${lines}`);
}

export interface Served {
  pid: number;
  stop: () => Promise<void>;
  /** SIGKILL: it can put nothing in order. */
  kill: () => Promise<void>;
}

/** A program that goes on until `stop`; `ready` is text of its output that says it is at work. */
export async function serve(
  [program = '', ...args]: string[],
  { environment, ready, seconds }: { environment: NodeJS.ProcessEnv; ready: string; seconds: number },
): Promise<Served> {
  // Detached: Ctrl-C ends the bench, which then ends this one in its turn.
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) =>
        reject(new Error(`${[program, ...args].join(' ')} ${why}:\n${output.slice(-2000)}`));
      const read = (text: string) => {
        // Programs may write for hours: what is shown is the end.
        output = (output + text).slice(-10_000);
        if (output.includes(ready)) resolve();
      };
      child.stdout.setEncoding('utf8').on('data', read);
      child.stderr.setEncoding('utf8').on('data', read);
      child.once('exit', (code) => fail(`ended with ${String(code)}`));
      timer = setTimeout(() => fail(`was not ready within ${seconds} s`), seconds * 1000);
    });
  } catch (error) {
    await end(child);
    throw error;
  } finally {
    clearTimeout(timer);
  }
  const kill = async () => {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  return { pid: child.pid ?? 0, stop: () => end(child), kill };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await exit;
  clearTimeout(kill);
}
