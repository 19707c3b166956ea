import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../../config/environment.ts';
import { Failure } from '../../domain/failures.ts';
import type { TemporalServer } from '../servers/temporal-server.ts';

/** The process ids that a kept demo left running. */
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
  for (const pid of await kept(folder)) if (await isOurs(pid)) process.kill(pid, 'SIGTERM');
  await rm(settingsFile(folder), { force: true });
}

/** Failure: InvalidArgument while a kept demo runs, so that a second one does not take it apart. */
export async function refuseWhileRunning(folder: string): Promise<void> {
  for (const pid of await kept(folder))
    if (await isOurs(pid))
      throw new Failure('InvalidArgument', {
        message: `a demo runs already, in ${folder}`,
        remedy: 'go on with it, or end it: "rekindle demo --remove"',
      });
}

async function kept(folder: string): Promise<number[]> {
  const text = await readFile(processesFile(folder), 'utf8').catch(() => '[]');
  return JSON.parse(text) as number[];
}

/** Process ids are reused: only what still looks like a process of the demo counts as one. */
async function isOurs(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return /rekindle|temporal/.test(command);
}
