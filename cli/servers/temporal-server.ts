import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { Failure } from '../../domain/failures.ts';

export interface TemporalServer {
  address: string;
  uiUrl: string;
  /** Lets it run on when this process ends, and answers with its process id. */
  leave(): number | undefined;
  stop(): Promise<void>;
}

export interface TemporalServerOptions {
  /** The `temporal` program. */
  command: string;
  /** File database, in a folder that exists: runs survive a restart of the server and of the machine. Absent: in memory. */
  databaseFile?: string;
  port: number;
  uiPort: number;
}

/** It takes two seconds; many more on a machine that is starting everything at once. */
const startWithinSeconds = 120;
/** A server that dies is started again after this pause; with its file database the runs go on. */
const restartAfterMs = 1000;

/** Runs Temporal as a child of this process and starts it again when it dies, until `stop`. */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const address = `127.0.0.1:${options.port}`;
  let stopping = false;
  let child = launch(options);
  const supervise = (): void => {
    child.once('exit', () => {
      if (stopping) return;
      setTimeout(() => {
        if (stopping) return;
        child = launch(options);
        supervise();
      }, restartAfterMs);
    });
  };
  supervise();
  const stop = async (): Promise<void> => {
    stopping = true;
    await ended(child);
  };
  try {
    const connection = await waitFor(address, options.databaseFile);
    await connection.close();
  } catch (error) {
    await stop();
    throw error;
  }
  const leave = () => {
    stopping = true;
    child.unref();
    return child.pid;
  };
  return { address, uiUrl: `http://127.0.0.1:${options.uiPort}`, leave, stop };
}

function launch({ command, databaseFile, port, uiPort }: TemporalServerOptions): ChildProcess {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)];
  if (databaseFile !== undefined) args.push('--db-filename', databaseFile);
  // Saves the round trip between a workflow's task and the start of its activity: some 40 ms a step.
  args.push('--dynamic-config-value', 'system.enableActivityEagerExecution=true');
  args.push('--log-level', 'error');
  // Detached: Ctrl-C reaches this process only, which stops its child when its own work is in order.
  const log = databaseFile === undefined ? 'ignore' : openSync(logOf(databaseFile), 'a', 0o600);
  const child = spawn(command, args, { stdio: ['ignore', log, log], detached: true });
  if (typeof log === 'number') closeSync(log);
  child.once('error', () => undefined);
  return child;
}

async function waitFor(address: string, databaseFile: string | undefined): Promise<Connection> {
  const deadline = Date.now() + startWithinSeconds * 1000;
  for (;;) {
    try {
      return await Connection.connect({ address, connectTimeout: '5 seconds' });
    } catch (error) {
      if (Date.now() > deadline)
        throw new Failure(
          'TemporalUnreachable',
          {
            message: `The Temporal server that was started did not answer at ${address} within ${startWithinSeconds} s${lastWords(databaseFile)}`,
            remedy: 'Check whether another program uses that port, or set TEMPORAL_ADDRESS to a server of yours',
          },
          { cause: error },
        );
    }
  }
}

/** The last line of its log says why: a port that is taken, a full disk. */
function lastWords(databaseFile: string | undefined): string {
  if (databaseFile === undefined || !existsSync(logOf(databaseFile))) return '';
  const line = readFileSync(logOf(databaseFile), 'utf8').trim().split('\n').at(-1) ?? '';
  return line === '' ? '' : `; its log ends with: ${line.slice(-300)}`;
}

const logOf = (databaseFile: string): string => `${databaseFile}.log`;

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exit;
  clearTimeout(kill);
}

/** The wanted port when it is free, else any free one. */
export async function freePort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const found = await new Promise<number | undefined>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(undefined));
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
      });
    });
    if (found !== undefined) return found;
  }
  throw new Failure('Internal', { message: 'No free port on 127.0.0.1', remedy: 'End a program that listens there' });
}

/** The `temporal` program: on the PATH, or where set-up put it. Failure: TemporalUnreachable. */
export function findTemporal(variables: NodeJS.ProcessEnv): string {
  const cache =
    variables['REKINDLE_CACHE'] ??
    path.join(variables['XDG_CACHE_HOME'] ?? path.join(variables['HOME'] ?? '', '.cache'), 'rekindle');
  const folders = [...(variables['PATH'] ?? '').split(path.delimiter), path.join(cache, 'bin')];
  const found = folders.map((folder) => path.join(folder, 'temporal')).find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new Failure('TemporalUnreachable', {
    message: 'TEMPORAL_ADDRESS is not set and there is no "temporal" program to start',
    remedy: 'Put temporal on the PATH ("npm run setup" fetches it in a clone), or set TEMPORAL_ADDRESS',
  });
}
