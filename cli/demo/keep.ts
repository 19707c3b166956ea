import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readFile, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../../config/environment.ts';
import { Failure } from '../../domain/failures.ts';
import { makePrivateFolder } from '../../operations/private-folder.ts';
import type { TemporalServer } from '../servers/temporal-server.ts';

/** The process ids of a running demo, or of what a kept one left running. */
const processesFile = (folder: string) => path.join(folder, 'processes.json');
/** Later commands in this folder read their settings from it. */
const settingsFile = (folder: string) => path.join(path.dirname(folder), 'environment');

/**
 * Leaves Temporal running and starts a worker that outlives this process, so that all commands can be tried on the demo
 * platform. Returns the text that explains it.
 */
export async function keepRunning(
  environment: Environment,
  temporal: TemporalServer,
  { folder, platform }: { folder: string; platform: string },
): Promise<string> {
  const settings = {
    TEMPORAL_ADDRESS: temporal.address,
    REKINDLE_PLATFORMS: environment.platformsFolder,
    REKINDLE_KEY_FILE: environment.keyFile,
    REKINDLE_TASK_QUEUE: environment.taskQueue,
    ...(environment.payloadKeyFile === undefined ? {} : { REKINDLE_PAYLOAD_KEY_FILE: environment.payloadKeyFile }),
  };
  const log = openSync(path.join(folder, 'worker.log'), 'a', 0o600);
  const worker = spawn(process.execPath, [process.argv[1] ?? '', 'worker'], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...settings },
  });
  closeSync(log);
  worker.unref();
  const processes = [worker.pid, temporal.leave()].filter((pid) => pid !== undefined);
  await writeFile(processesFile(folder), JSON.stringify(processes));
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(settingsFile(folder), lines.join(''));
  return [
    '',
    `All of it goes on running. The Temporal UI: ${temporal.uiUrl}`,
    'In this folder, try:',
    `  npx rekindle points ${platform}`,
    `  npx rekindle restore ${platform} --dry-run`,
    `  npx rekindle restore ${platform}`,
    '  npx rekindle demo --remove      # ends and removes all of it',
  ].join('\n');
}

/** Ends the processes that `keepRunning` left, by their ids, and forgets the settings. */
export async function endKept(folder: string): Promise<void> {
  for (const pid of await kept(folder)) if (pid !== process.pid && (await isOurs(pid))) process.kill(pid, 'SIGTERM');
  await rm(settingsFile(folder), { force: true });
}

/** Lets a second demo in this folder notice the first while it runs. Failure: InvalidArgument. */
export async function noteRunning(folder: string): Promise<void> {
  await makePrivateFolder(folder, 'Run the demo in a folder that this user may write to');
  await writeFile(processesFile(folder), JSON.stringify([process.pid]));
}

/** Failure: PlatformBusy while a demo of this folder runs, so that a second one does not take it apart. */
export async function refuseWhileRunning(folder: string): Promise<void> {
  for (const pid of await kept(folder))
    if (await isOurs(pid))
      throw new Failure('PlatformBusy', {
        message: `A demo is already running, in ${folder}`,
        remedy: 'Continue with it, or end it: "rekindle demo --remove"',
      });
}

/**
 * Containers have the same names whoever makes the demo: one folder's at a time. Answers with the folder when somebody
 * deleted it; then nobody else can remove what is left. Failure: PlatformBusy.
 */
export async function refuseForeignDemo(found: string | undefined, own: string): Promise<{ orphanOf?: string }> {
  if (found === undefined || (await placeOf(found)) === (await placeOf(own))) return {};
  if (!existsSync(found)) return { orphanOf: found };
  throw new Failure('PlatformBusy', {
    message: `This Docker engine carries the demo of another folder, ${found}; nothing was touched`,
    remedy: `Remove it there first: cd ${path.resolve(found, '../..')} && npx rekindle demo --remove`,
  });
}

/** A link to a folder is that folder. */
const placeOf = (folder: string) => realpath(folder).catch(() => path.resolve(folder));

async function kept(folder: string): Promise<number[]> {
  const text = await readFile(processesFile(folder), 'utf8').catch(() => '[]');
  return JSON.parse(text) as number[];
}

/** Process ids are reused: only what still looks like a process of the demo counts as one. */
async function isOurs(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return /rekindle|temporal/.test(command);
}
