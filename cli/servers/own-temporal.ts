import path from 'node:path';
import type { Environment } from '../../config/environment.ts';
import { makePrivateFolder } from '../../operations/private-folder.ts';
import { findTemporal, freePort, startTemporalServer, type TemporalServer } from './temporal-server.ts';

const defaultPort = 7233;
const defaultUiPort = 8233;

/**
 * A Temporal with a file database, by default next to the key: runs survive its restart. Failures: InvalidArgument when its
 * folder cannot be created; TemporalUnreachable.
 */
export async function ownTemporal(
  environment: Environment,
  databaseFile = path.join(path.dirname(environment.keyFile), 'temporal.db'),
): Promise<TemporalServer> {
  await makePrivateFolder(
    path.dirname(databaseFile),
    "Set REKINDLE_KEY_FILE to a file in a folder that this user may write to: Temporal's database lies next to the key",
  );
  return startTemporalServer({
    command: findTemporal(environment.variables),
    databaseFile,
    port: await freePort(defaultPort),
    uiPort: await freePort(defaultUiPort),
  });
}
