import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { stringify } from 'yaml';
import { findTemporal, freePort } from '../../../cli/servers/temporal-server.ts';
import { temporalServerPrograms } from '../../../setup/lib/temporal-server.mjs';
import { eventually } from '../../../stack/engine.ts';
import { type Postgresql, user } from './postgresql.ts';
import { portNames, type Ports, settingsOf } from './settings.ts';

const execute = promisify(execFile);

/** Temporal's own server, as operators run it: with its defaults, on a database of its own. */
export interface RealTemporal {
  address: string;
  /** As an operator does, with Temporal's own command line. */
  createNamespace(name: string): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Resolves when it answers. */
  start(): Promise<void>;
  /** Ends it and removes what it wrote. */
  remove(): Promise<void>;
}

/** Makes its tables; it is not started yet. */
export async function prepareTemporal(database: Postgresql): Promise<RealTemporal> {
  const programs = temporalServerPrograms();
  if (![programs.server, programs.sqlTool].every((file) => existsSync(file)))
    throw new Error('Temporal\'s server is missing: run "npm run setup -- --with-long-tests"');
  await makeTables(programs.sqlTool, database);
  const folder = await mkdtemp(join(tmpdir(), 'rks-temporal-'));
  const ports = await freePorts();
  await writeFile(join(folder, 'server.yaml'), stringify(settingsOf(database, ports)));
  const log = join(folder, 'server.log');
  const address = `127.0.0.1:${ports.frontend}`;
  let child: ChildProcess | undefined;

  const end = async (signal: NodeJS.Signals) => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = new Promise((resolve) => child?.once('exit', resolve));
    child.kill(signal);
    const force = setTimeout(() => child?.kill('SIGKILL'), 15_000);
    await exit;
    clearTimeout(force);
  };
  return {
    address,
    async start() {
      const output = openSync(log, 'a');
      child = spawn(programs.server, ['--root', folder, '--config', '.', '--env', 'server', 'start'], {
        stdio: ['ignore', output, output],
      });
      closeSync(output);
      await eventually('Temporal answers', 120, async () => {
        const connection = await Connection.connect({ address, connectTimeout: '2 seconds' });
        await connection.close();
      }).catch(async (error: unknown) => {
        throw new Error(`its log ends with:\n${(await readFile(log, 'utf8')).slice(-3000)}`, { cause: error });
      });
    },
    async createNamespace(name) {
      const create = ['operator', 'namespace', 'create', '--namespace', name, '--retention', '3d'];
      await eventually(`the namespace ${name}`, 60, () =>
        execute(findTemporal(process.env), [...create, '--address', address]),
      );
    },
    kill: () => end('SIGKILL'),
    async remove() {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Of both databases, by the tool that an operator uses: those of histories, and those of visibility. */
async function makeTables(tool: string, { host, port, password }: Postgresql): Promise<void> {
  const reach = ['--plugin', 'postgres12', '--endpoint', host, '--port', String(port), '--user', user];
  for (const [database, schema] of [
    ['temporal', 'postgresql/v12/temporal'],
    ['temporal_visibility', 'postgresql/v12/visibility'],
  ] as const) {
    const run = (...args: string[]) =>
      execute(tool, [...reach, '--database', database, ...args], { env: { ...process.env, SQL_PASSWORD: password } });
    // Right after its start, the database may refuse whoever asks.
    await eventually(`the database ${database}`, 60, () => run('create-database'));
    await run('setup-schema', '--version', '0.0');
    await run('update-schema', '--schema-name', schema);
  }
}

/** On PostgreSQL, Temporal keeps ports as numbers with a sign, of 16 bits: those that the system gives away are too high. */
async function freePorts(): Promise<Ports> {
  const found = new Set<number>();
  while (found.size < portNames.length) {
    const wanted = randomInt(10_000, 30_000);
    if ((await freePort(wanted)) === wanted) found.add(wanted);
  }
  return Object.fromEntries(portNames.map((name, index) => [name, [...found][index]])) as Ports;
}
