import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  findTemporal,
  freePort,
  startTemporalServer,
  type TemporalServer,
} from '../../../cli/servers/temporal-server.ts';
import { withTemporal } from '../../../client/connection.ts';
import { readEnvironment } from '../../../config/environment.ts';
import { Failure } from '../../../domain/failures.ts';
import { installRuntime } from '../../../worker/runtime.ts';
import { closeAll } from '../../at-end.ts';

export let temporal: TemporalServer;
let folder: string;
const closing: (() => unknown)[] = [];

/** One real server for the tests of a file, and a folder for their certificates. */
export function useTemporal(): void {
  beforeAll(async () => {
    installRuntime('silent');
    folder = await mkdtemp(path.join(tmpdir(), 'rkt-temporal-'));
    const ports = { port: await freePort(0), uiPort: await freePort(0) };
    temporal = await startTemporalServer({ command: findTemporal(process.env), ...ports });
  });
  afterAll(async () => {
    await closeAll(closing);
    await temporal.stop();
    await rm(folder, { recursive: true, force: true });
  });
}

export async function untilTheEnd<T extends { close(): Promise<void> }>(opened: Promise<T>): Promise<T> {
  const open = await opened;
  closing.push(() => open.close());
  return open;
}

/** Writes a file that only this user may read, and answers with its path. */
export async function fileOf(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

/** What comes of a request to Temporal with these variables: `reached`, or the failure. */
export async function request(variables: Record<string, string>): Promise<'reached' | Failure> {
  try {
    const environment = readEnvironment(variables);
    await withTemporal(environment, (client) => client.workflow.count('WorkflowType = "none"'));
    return 'reached';
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
