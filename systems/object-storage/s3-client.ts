import { Agent } from 'node:https';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
import type { BucketWriting } from '../../domain/authentication.ts';
import type { AwsKeys } from '../aws/credentials.ts';
import type { TrustOptions } from '../tls/trust.ts';

/** Fixed keys, or a source of keys that change. */
export type S3Keys = { accessKey: string; secretKey: string; sessionToken?: string } | { keys: AwsKeys };

/** How a bucket is reached. */
export type S3Place = S3Keys &
  BucketWriting & {
    bucket: string;
    /** Absent: Amazon's own, by region. */
    endpoint?: string;
    region: string;
    /** For deleting alone. */
    deletionKeys?: AwsKeys;
    tls?: TrustOptions;
    /** URL of the proxy in between. */
    proxy?: string;
    /** How long the server may be silent within a request; 30 when absent. */
    silenceSeconds?: number;
  };

/**
 * Retrying for long is the caller's business (Temporal's): here just enough for connections that were reset, of which a
 * busy server may leave several in the pool. Preflight asks only once.
 */
const attempts = 4;
const connectionTimeoutMs = 3_000;
const socketsEach = 50;

/**
 * The connections to all servers, by how they are made. State of the process, and on purpose: an activity opens its
 * catalogue anew each time, and a client of its own would leave its idle connections open for as long as the server lets
 * it. They hold no credentials; those are each client's.
 */
const connections = new Map<string, S3ClientConfig['requestHandler']>();

export function s3Client(place: S3Place): S3Client {
  const { endpoint, region, tls, proxy, silenceSeconds = 30 } = place;
  const way = JSON.stringify([silenceSeconds, tls, proxy]);
  const client = new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    credentials: credentialsOf(place),
    maxAttempts: attempts,
    requestHandler: connections.get(way) ?? {
      connectionTimeout: connectionTimeoutMs,
      socketTimeout: silenceSeconds * 1000,
      ...agents(tls, proxy),
    },
    // Many servers that speak S3 don't know the checksums that the SDK adds by default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  connections.set(way, client.config.requestHandler);
  return client;
}

function credentialsOf(place: S3Keys): NonNullable<S3ClientConfig['credentials']> {
  if ('keys' in place) return place.keys;
  const { accessKey, secretKey, sessionToken } = place;
  return { accessKeyId: accessKey, secretAccessKey: secretKey, ...(sessionToken !== undefined && { sessionToken }) };
}

function agents(tls: TrustOptions | undefined, proxy: string | undefined) {
  const common = { keepAlive: true, maxSockets: socketsEach };
  if (proxy !== undefined)
    return {
      httpAgent: new HttpProxyAgent({ ...common, proxy }),
      httpsAgent: new HttpsProxyAgent({ ...common, proxy, ...tls }),
    };
  return tls === undefined ? {} : { httpsAgent: new Agent({ ...common, ...tls }) };
}
