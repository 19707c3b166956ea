import { closeSync, openSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../domain/failures.ts';
import { makePrivateFolder } from '../../operations/private-folder.ts';

/** The process ids of a running demo, or of what a kept one left running. */
const processesFile = (folder: string) => path.join(folder, 'processes.json');
/** Milliseconds: a worker gives its running steps 10 s. */
const endWithin = 30_000;

/** Lets a second demo in this folder notice the first while it runs. Failure: InvalidArgument. */
export async function noteRunning(folder: string, pids = [process.pid]): Promise<void> {
  await makePrivateFolder(folder, 'Run the demo in a folder that this user may write to');
  await writeFile(processesFile(folder), JSON.stringify(pids));
}

/** Failure: PlatformBusy while a demo of this folder runs, so that a second one does not take it apart. */
export async function refuseWhileRunning(folder: string): Promise<void> {
  for (const pid of await noted(folder))
    if (await isOurs(pid))
      throw new Failure('PlatformBusy', {
        message: `A demo is already running, in ${folder}`,
        remedy: 'Continue with it, or end it: "rekindle demo --remove"',
      });
}

/** Runs `rekindle <command>` so that it outlives this process. What it says goes to a file of its own in the folder. */
export function startApart(command: string, folder: string, settings: Record<string, string>): ChildProcess {
  const log = openSync(logOf(command, folder), 'a', 0o600);
  const child = spawn(process.execPath, [process.argv[1] ?? '', command], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...settings },
  });
  closeSync(log);
  child.unref();
  return child;
}

export const logOf = (command: string, folder: string) => path.join(folder, `${command}.log`);

/** Ends what was noted, and waits for it: a process that still works would write into the folder that is removed next. */
export async function endNoted(folder: string): Promise<void> {
  await Promise.all((await noted(folder)).filter((pid) => pid !== process.pid).map(endProcess));
}

export async function endProcess(pid: number): Promise<void> {
  for (const [signal, patience] of [
    ['SIGTERM', endWithin],
    ['SIGKILL', endWithin],
  ] as const) {
    if (!(await isOurs(pid))) return;
    send(pid, signal);
    for (const deadline = Date.now() + patience; Date.now() < deadline && (await isOurs(pid));) await pause(50);
  }
}

function send(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended in between.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function noted(folder: string): Promise<number[]> {
  const text = await readFile(processesFile(folder), 'utf8').catch(() => '[]');
  return JSON.parse(text) as number[];
}

/** Process ids are reused: only what still looks like a process of the demo counts as one. */
async function isOurs(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return /rekindle|temporal/.test(command);
}
