import path from 'node:path';
import type { Environment } from '../../config/environment.ts';
import { findTemporal, freePort, startTemporalServer, type TemporalServer } from './temporal-server.ts';

const defaultPort = 7233;
const defaultUiPort = 8233;

/** A Temporal with a file database, by default beside the key: runs survive its restart. */
export async function ownTemporal(environment: Environment, databaseFile?: string): Promise<TemporalServer> {
  return startTemporalServer({
    command: findTemporal(environment.variables),
    databaseFile: databaseFile ?? path.join(path.dirname(environment.keyFile), 'temporal.db'),
    port: await freePort(defaultPort),
    uiPort: await freePort(defaultUiPort),
  });
}
