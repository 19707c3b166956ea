import { NativeConnection } from '@temporalio/worker';
import type { Environment } from '../config/environment.ts';
import { openConnection, optionsOf, temporalAddressOf } from '../config/temporal/connect.ts';
import { readCredentials } from '../config/temporal/credentials.ts';
import { explained } from '../config/temporal/refusals.ts';
import { Failure } from '../domain/failures.ts';
import { registerSearchAttributes } from './search-attributes.ts';

/** A file with an API key is read again as often: keys overlap for hours when they are replaced. */
const renewalMs = 60_000;

export interface WorkerConnection {
  connection: NativeConnection;
  close(): Promise<void>;
}

/**
 * The connection of a worker, in a namespace that has what workflows need. Failures: those of `openConnection`;
 * InvalidArgument, naming the namespace when it does not exist, or search attributes that it lacks.
 */
export async function connectWorker(environment: Environment, renewEveryMs = renewalMs): Promise<WorkerConnection> {
  // That of the client explains what is wrong; the worker's own one only says "transport error".
  const client = await openConnection(environment);
  try {
    await registerSearchAttributes(client, environment.temporalNamespace);
  } catch (error) {
    throw explained(error, environment);
  } finally {
    await client.close();
  }
  const { apiKey, ...credentials } = await readCredentials(environment.temporal);
  const address = temporalAddressOf(environment);
  let current = apiKey?.();
  const connection = await NativeConnection.connect({
    address,
    ...optionsOf(credentials),
    ...(current !== undefined && { apiKey: current }),
  }).catch((error: unknown) => {
    throw new Failure(
      'TemporalUnreachable',
      {
        message: `Temporal does not answer at ${address}: ${(error as Error).message}`,
        remedy: 'Start the worker again',
      },
      { cause: error },
    );
  });
  const renewing = setInterval(() => {
    const now = apiKey?.();
    if (now === undefined || now === current) return;
    current = now;
    void connection.setApiKey(now);
  }, renewEveryMs).unref();
  return {
    connection,
    async close() {
      clearInterval(renewing);
      await connection.close();
    },
  };
}
