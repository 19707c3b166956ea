import { Client } from '@temporalio/client';
import type { Environment } from '../config/environment.ts';
import { readDataConverter } from '../config/payload-encryption/data-converter.ts';
import { openConnection } from '../config/temporal/connect.ts';
import { explained } from '../config/temporal/refusals.ts';

/** Failures: MissingKey (of REKINDLE_PAYLOAD_KEY_FILE), and those of `openConnection`. */
export async function connectTemporal(environment: Environment): Promise<Client> {
  const dataConverter = await readDataConverter(environment.payloadKeyFile);
  const connection = await openConnection(environment);
  return new Client({ connection, namespace: environment.temporalNamespace, dataConverter });
}

/** Runs `work` with a connection that is closed whatever happens. */
export async function withTemporal<T>(environment: Environment, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connectTemporal(environment);
  try {
    return await work(client);
  } catch (error) {
    throw explained(error, environment);
  } finally {
    await client.connection.close();
  }
}
