import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The command line as users start it. This file runs compiled, in `dist/chaos/`. */
export const rekindleProgram = fileURLToPath(new URL('../../bin/rekindle.mjs', import.meta.url));

export interface Program {
  pid: number;
  /** All that it has written so far. */
  output: () => string;
  /** The part of it that went to standard output. */
  answer: () => string;
  /** Resolves when it is gone; -1 after a signal. */
  ended: Promise<number>;
  hasEnded: () => boolean;
  /** As `ended`; undefined while it runs. */
  exitCode: () => number | undefined;
  /** Sends a signal and waits until it is gone; after `withinSeconds` it is killed. */
  end: (signal: NodeJS.Signals, withinSeconds?: number) => Promise<void>;
}

export interface ProgramOptions {
  command: string[];
  /** Beside what this process was given. */
  environment?: Record<string, string>;
  /** Its output goes here, too. */
  log: string;
}

/** Starts a program that this process alone ends; its standard input is closed. */
export function startProgram({ command, environment, log }: ProgramOptions): Program {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  const file = createWriteStream(log, { flags: 'a' });
  let text = '';
  let answer = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    stream.pipe(file, { end: false });
  }
  // `exit`, not `close`: what a killed program has started may hold its output open.
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve(code ?? -1));
    child.once('error', (error) => {
      text += error.message;
      resolve(127);
    });
  });
  void ended.then(() => setTimeout(() => file.end(), 1000).unref());
  return {
    pid: child.pid ?? 0,
    output: () => text,
    answer: () => answer,
    ended,
    hasEnded: () => isOver(child),
    exitCode: () => (isOver(child) ? (child.exitCode ?? -1) : undefined),
    end: async (signal, withinSeconds = 20) => {
      if (isOver(child)) return;
      child.kill(signal);
      const force = setTimeout(() => child.kill('SIGKILL'), withinSeconds * 1000);
      await ended;
      clearTimeout(force);
    },
  };
}

const isOver = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;

/** Starts a program and waits until `ready` holds; throws with its last words when it ends before, or is too slow. */
export async function startServer(
  options: ProgramOptions & { ready: (program: Program) => Promise<boolean>; withinSeconds: number },
): Promise<Program> {
  const program = startProgram(options);
  const deadline = Date.now() + options.withinSeconds * 1000;
  while (!(await options.ready(program))) {
    const why = program.hasEnded() ? 'ended' : Date.now() > deadline ? 'was not ready in time' : undefined;
    if (why !== undefined) {
      await program.end('SIGKILL');
      throw new Error(`${options.command.slice(0, 2).join(' ')} ${why}: ${program.output().slice(-1500)}`);
    }
    await pause(0.1);
  }
  return program;
}

/** Runs a program to its end and returns its standard output; throws with all it wrote when it does not end with 0. */
export async function runProgram(options: ProgramOptions): Promise<string> {
  const program = startProgram(options);
  const code = await program.ended;
  // What it wrote last may still be on its way.
  await pause(0.05);
  if (code !== 0) throw new Error(`${options.command.join(' ')} ended with ${code}: ${program.output().slice(-3000)}`);
  return program.answer();
}

export const pause = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, seconds) * 1000));
