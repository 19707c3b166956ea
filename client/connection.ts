import { Client, isGrpcServiceError, NamespaceNotFoundError, ServiceError } from '@temporalio/client';
import type { Environment } from '../config/environment.ts';
import { readDataConverter } from '../config/payload-encryption/data-converter.ts';
import { codeOf, openConnection, temporalAddressOf } from '../config/temporal/connect.ts';
import { refusedRequest, unreachable } from '../config/temporal/explain.ts';
import { Failure } from '../domain/failures.ts';

/** Failures: MissingKey (of REKINDLE_PAYLOAD_KEY_FILE), and those of `openConnection`. */
export async function connectTemporal(environment: Environment): Promise<Client> {
  const dataConverter = await readDataConverter(environment.payloadKeyFile);
  const connection = await openConnection(environment);
  return new Client({ connection, namespace: environment.temporalNamespace, dataConverter });
}

/** The gRPC codes that mean that Temporal is out of reach. */
const codes = { deadlineExceeded: 4, unavailable: 14 };

/** Temporal's refusal, or its silence, as a failure with a remedy; everything else as it is. */
export function explained(error: unknown, environment: Environment): unknown {
  const address = temporalAddressOf(environment);
  if (isOutOfReach(error)) return new Failure('TemporalUnreachable', unreachable(address), { cause: error });
  const refusal = refusedRequest(address, codeOf(error), environment.temporal, error);
  if (refusal) return refusal;
  if (error instanceof NamespaceNotFoundError)
    return new Failure(
      'InvalidArgument',
      {
        message: `Temporal at ${address} has no namespace "${environment.temporalNamespace}"`,
        remedy: 'Set TEMPORAL_NAMESPACE to one that it has, or create it: temporal operator namespace create',
      },
      { cause: error },
    );
  const grpc = error instanceof ServiceError ? error.cause : error;
  if (isGrpcServiceError(grpc))
    return new Failure(
      'TemporalRefused',
      {
        message: `Temporal at ${address} refuses the request: ${grpc.details || grpc.message}`,
        remedy: 'Read the log of the Temporal server, fix the cause, and retry',
      },
      { cause: error },
    );
  return error;
}

/** True when Temporal, not the run, is what gave no answer. */
export function isOutOfReach(error: unknown): boolean {
  const code = codeOf(error);
  return code === codes.deadlineExceeded || code === codes.unavailable;
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
