import { Client, Connection, isGrpcServiceError, NamespaceNotFoundError, ServiceError } from '@temporalio/client';
import { defaultTemporalAddress, type Environment } from '../config/environment.ts';
import { readDataConverter } from '../config/payload-encryption/data-converter.ts';
import { Failure } from '../domain/failures.ts';

/** Reported within 5 s: nobody should stare at a silent prompt while a platform is down. */
const connectTimeout = '4 seconds';

/** Failures: MissingKey (of REKINDLE_PAYLOAD_KEY_FILE), TemporalUnreachable. */
export async function connectTemporal(environment: Environment): Promise<Client> {
  const address = addressOf(environment);
  const dataConverter = await readDataConverter(environment.payloadKeyFile);
  try {
    const connection = await Connection.connect({ address, connectTimeout });
    return new Client({ connection, namespace: environment.temporalNamespace, dataConverter });
  } catch (error) {
    throw unreachable(address, error);
  }
}

const addressOf = (environment: Environment) => environment.temporalAddress ?? defaultTemporalAddress;

function unreachable(address: string, cause: unknown): Failure {
  return new Failure(
    'TemporalUnreachable',
    {
      message: `Temporal does not answer at ${address}`,
      remedy:
        'Start it ("rekindle up" runs one with a worker), or set TEMPORAL_ADDRESS to its address; ' +
        '"rekindle points", "check", "restore --dry-run" and "report" work without it',
    },
    { cause },
  );
}

/** The gRPC codes that mean that Temporal is out of reach. */
const codes = { deadlineExceeded: 4, unavailable: 14 };

/** Temporal's refusal, or its silence, as a failure with a remedy; everything else as it is. */
export function explained(error: unknown, environment: Environment): unknown {
  if (isOutOfReach(error)) return unreachable(addressOf(environment), error);
  if (error instanceof NamespaceNotFoundError)
    return new Failure(
      'InvalidArgument',
      {
        message: `Temporal at ${addressOf(environment)} has no namespace "${environment.temporalNamespace}"`,
        remedy: 'Set TEMPORAL_NAMESPACE to one that it has, or create it: temporal operator namespace create',
      },
      { cause: error },
    );
  const grpc = error instanceof ServiceError ? error.cause : error;
  if (isGrpcServiceError(grpc))
    return new Failure(
      'TemporalRefused',
      {
        message: `Temporal at ${addressOf(environment)} refuses the request: ${grpc.details || grpc.message}`,
        remedy: 'Read the log of the Temporal server, fix the cause, and retry',
      },
      { cause: error },
    );
  return error;
}

const codeOf = ({ code }: { code: number }): number => code;

/** True when Temporal, not the run, is what gave no answer. */
export function isOutOfReach(error: unknown): boolean {
  const grpc = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(grpc) && [codes.unavailable, codes.deadlineExceeded].includes(codeOf(grpc));
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
