import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporal, freePort, startTemporalServer } from '../cli/servers/temporal-server.ts';
import { bringUp, type BringUpOptions, type DemoPlatform } from '../stack/demo-platform.ts';
import { tearDown } from '../stack/tear-down.ts';
import { type Finished, run, serve, type Served } from './command.ts';
import { rekindleProgram } from './files.ts';

/** A demo platform of the bench's own, under a name of its own, in a folder that goes with it. */
export interface Rig {
  platform: DemoPlatform;
  /** Aborts on Ctrl-C: what was made is removed, then the bench ends. */
  signal: AbortSignal;
}

/** `overrides`: a second Compose file next to the platform's own. */
export type RigOptions = Pick<BringUpOptions, 'seed' | 'jobMilliseconds' | 'shape'> & { overrides?: string };

/** Runs `work` on a new platform and removes all of it afterwards, quarantine included, also when the work fails. */
export async function withRig<T>(options: RigOptions, work: (rig: Rig) => Promise<T>): Promise<T> {
  const { overrides, ...rest } = options;
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(new Error('Interrupted'));
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const project = `bench-${randomBytes(4).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-bench-'));
  try {
    if (overrides !== undefined) await writeFile(join(folder, 'compose.override.yaml'), overrides);
    const platform = await bringUp({ ...rest, project, folder, log: say });
    try {
      interruption.signal.throwIfAborted();
      return await work({ platform, signal: interruption.signal });
    } finally {
      await tearDown(platform);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

export interface Rekindle {
  temporalAddress: string;
  worker: Served;
  /** Another worker like the first; stopped with it. */
  startWorker: () => Promise<Served>;
  /** The command line, as an operator calls it. */
  rekindle: (args: string[]) => Promise<Finished>;
}

/** Runs `work` with a key, a Temporal and a worker, each a process of its own, as an operator has them. */
export async function withRekindle<T>({ platform, signal }: Rig, work: (rekindle: Rekindle) => Promise<T>): Promise<T> {
  const databaseFile = join(platform.folder, 'temporal.db');
  const temporal = await startTemporalServer({
    command: findTemporal(process.env),
    databaseFile,
    port: await freePort(0),
    uiPort: await freePort(0),
  });
  try {
    const environment = {
      ...platform.environment,
      REKINDLE_KEY_FILE: join(platform.folder, 'key.txt'),
      REKINDLE_TASK_QUEUE: platform.project,
      TEMPORAL_ADDRESS: temporal.address,
    };
    const program = [process.execPath, rekindleProgram];
    const rekindle = (args: string[]) => run([...program, ...args], { environment, signal });
    await rekindle(['keygen']);
    const workers: Served[] = [];
    const startWorker = async () => {
      const worker = await serve([...program, 'worker'], { environment, ready: 'worker of ', seconds: 30 });
      workers.push(worker);
      return worker;
    };
    try {
      const worker = await startWorker();
      return await work({ temporalAddress: temporal.address, worker, startWorker, rekindle });
    } finally {
      for (const worker of workers) await worker.stop();
    }
  } finally {
    await temporal.stop();
  }
}

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
