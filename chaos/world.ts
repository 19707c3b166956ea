import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { findTemporal } from '../cli/servers/temporal-server.ts';
import { openDemoPlatform, type DemoPlatform } from '../stack/demo-platform.ts';
import { containersOf, engine } from '../stack/engine.ts';
import { startService } from '../stack/disasters.ts';
import { servicesOf, untilHealthy } from '../stack/wait.ts';
import type { Content } from './oracle.ts';
import type { Names } from './operations.ts';
import { ownEngine, type OwnEngine } from './own-engine.ts';
import type { Places } from './place.ts';
import { type Program, rekindleProgram, runProgram, startProgram, startServer } from './processes.ts';

export const project = 'chaos';
const temporalAddress = '127.0.0.1:7233';

/** What the preparation has noted of its golden states. */
export interface GoldenFacts {
  names: Names;
  /** Equal to the recovery point. */
  point: Content;
  /** With the documents that were written after it. */
  written: Content;
}

/** A program that faults kill and repair. */
export interface Restartable {
  start(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
  isUp(): boolean;
}

/** All that a case has to do with, inside its enclosure. */
export interface World {
  places: Places;
  engine: OwnEngine;
  temporal: Restartable;
  worker: Restartable;
  /** Follows a command of Rekindle. */
  rekindle(args: string[]): Program;
  /** Runs a command of Rekindle to its end, which must be exit code 0; answers what it wrote. */
  demand(args: string[]): Promise<string>;
  /** A line for the log of this world, with its time. */
  note(line: string): void;
  /** To this world's Temporal; reconnects by itself when that was restarted. */
  client(): Promise<Client>;
}

/** `cgroup`: the parent of this world's containers. Nothing is started yet. */
export function openWorld(places: Places, cgroup: string): World {
  const environment = {
    REKINDLE_PLATFORMS: join(places.platform, 'platforms'),
    REKINDLE_KEY_FILE: places.keyFile,
    REKINDLE_LOG_LEVEL: 'warn',
    TEMPORAL_ADDRESS: temporalAddress,
  };
  const program = (args: string[]) => [process.execPath, rekindleProgram, ...args];
  const commandLog = join(places.logs, 'commands.log');
  let client: Promise<Client> | undefined;
  return {
    places,
    engine: ownEngine(places, cgroup),
    temporal: restartable(() =>
      startServer({
        command: [
          findTemporal(process.env),
          ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', '7233'],
          ...['--db-filename', places.temporalDatabase, '--log-level', 'error'],
          ...['--dynamic-config-value', 'system.enableActivityEagerExecution=true'],
        ],
        log: join(places.logs, 'temporal.log'),
        ready: temporalAnswers,
        withinSeconds: 30,
      }),
    ),
    worker: restartable(() =>
      startServer({
        command: program(['worker']),
        environment,
        log: join(places.logs, 'worker.log'),
        ready: ({ output }) => Promise.resolve(output().includes('serves')),
        withinSeconds: 40,
      }),
    ),
    rekindle: (args) => startProgram({ command: program(args), environment, log: commandLog }),
    demand: (args) => runProgram({ command: program(args), environment, log: commandLog }),
    note: (line) => {
      appendFileSync(join(places.logs, 'case.log'), `${new Date().toISOString()} ${line}\n`);
    },
    client: () => (client ??= connect()),
  };
}

function restartable(start: () => Promise<Program>): Restartable {
  let program: Program | undefined;
  return {
    async start() {
      program = await start();
    },
    kill: async () => program?.end('SIGKILL'),
    stop: async () => program?.end('SIGTERM'),
    isUp: () => program?.hasEnded() === false,
  };
}

const connect = async (): Promise<Client> =>
  new Client({ connection: await Connection.connect({ address: temporalAddress, connectTimeout: '10 seconds' }) });

async function temporalAnswers(): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address: temporalAddress, connectTimeout: '1 second' });
    // The namespace is there a moment after the port.
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    await connection.close();
    return true;
  } catch {
    return false;
  }
}

/** Brings a golden state to life: engine, S3 server, platform, Temporal, worker. Throws when something does not come. */
export async function wake(world: World): Promise<{ platform: DemoPlatform; golden: GoldenFacts }> {
  await Promise.all([world.engine.start(), world.temporal.start().then(() => world.worker.start())]);
  world.note('engine, Temporal and worker are up');
  const platform = await openDemoPlatform(project, world.places.platform);
  await platform.s3.start();
  for (const service of servicesOf(platform)) await startService(platform, service);
  await untilHealthy(platform);
  const golden = JSON.parse(await readFile(world.places.goldenFacts, 'utf8')) as GoldenFacts;
  return { platform, golden };
}

/** Puts a golden state to sleep: everything ends in order, so that its folder can be copied. */
export async function sleep(world: World, platform: DemoPlatform): Promise<void> {
  await world.worker.stop();
  await world.temporal.stop();
  // Not one after the other: the engine would take them for crashed when it is stopped before.
  const running = (await containersOf(platform.project)).filter(({ State }) => State === 'running');
  await Promise.all(running.map(({ Id }) => engine().getContainer(Id).stop({ t: 10 })));
  await platform.s3.stop();
  await world.engine.stop();
}
