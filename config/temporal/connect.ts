import { setTimeout as pause } from 'node:timers/promises';
import { Connection, isGrpcServiceError, ServiceError, type ConnectionOptions } from '@temporalio/client';
import { Failure } from '../../domain/failures.ts';
import type { Environment } from '../environment.ts';
import { readCredentials, type Credentials } from './credentials.ts';
import { obstacleOfTls, refusedRequest, whyNotConnected } from './explain.ts';

/** Reported within 5 s: nobody should stare at a silent prompt while a platform is down. */
const connectTimeout = '4 seconds';
/** A connection that has not come about by then is looked into. */
const patienceMs = 400;

type Reached = Pick<Environment, 'temporalAddress' | 'temporal'>;

export const defaultTemporalAddress = '127.0.0.1:7233';
export const temporalAddressOf = ({ temporalAddress }: Reached) => temporalAddress ?? defaultTemporalAddress;

/**
 * A connection that answers; close it. Failures: InvalidArgument, for a certificate or key that cannot be read;
 * TemporalUnreachable; WrongCredentials, when Temporal refuses the certificate or the API key.
 */
export async function openConnection(environment: Reached): Promise<Connection> {
  const credentials = await readCredentials(environment.temporal);
  const { apiKey } = credentials;
  const address = temporalAddressOf(environment);
  const connecting = Connection.connect({
    address,
    connectTimeout,
    ...optionsOf(credentials),
    ...(apiKey && { apiKey }),
  });
  const looking = new AbortController();
  try {
    return await Promise.race([connecting, obstacle(address, credentials, looking.signal)]);
  } catch (error) {
    // It may come about while its failure is being explained.
    void connecting.then((late) => late.close()).catch(() => undefined);
    if (error instanceof Failure) throw error;
    throw (
      refusedRequest(address, codeOf(error), environment.temporal, error) ??
      (await whyNotConnected(address, credentials, error))
    );
  } finally {
    looking.abort();
  }
}

/** Rejects when TLS is in the way, long before the connection itself gives up; never resolves. */
async function obstacle(address: string, credentials: Credentials, signal: AbortSignal): Promise<never> {
  await pause(patienceMs, undefined, { signal, ref: false }).catch(() => undefined);
  const why = signal.aborted ? undefined : await obstacleOfTls(address, credentials);
  if (why) throw why;
  return new Promise(() => undefined);
}

/** The SDK's words for credentials, but for the API key, which a worker's connection takes in another form. */
export function optionsOf({ tls, headers }: Credentials): Pick<ConnectionOptions, 'tls' | 'metadata'> {
  const { authority, client, serverName } = tls ?? {};
  const bytes = (text: string) => new TextEncoder().encode(text);
  return {
    tls: tls && {
      ...(serverName !== undefined && { serverNameOverride: serverName }),
      ...(authority !== undefined && { serverRootCACertificate: bytes(authority) }),
      ...(client && { clientCertPair: { crt: bytes(client.certificate), key: bytes(client.key) } }),
    },
    ...(headers && { metadata: headers }),
  };
}

/** Of a request that Temporal, or the way to it, refused; undefined for any other error. */
export function codeOf(error: unknown): number | undefined {
  const grpc = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(grpc) ? grpc.code : undefined;
}
