import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/** How a bucket is reached. */
export interface S3Place {
  bucket: string;
  /** Absent: Amazon's own, by region. */
  endpoint?: string;
  region: string;
  accessKey: string;
  secretKey: string;
  /** How long the server may be silent within a request; 30 when absent. */
  silenceSeconds?: number;
}

/**
 * Retrying for long is the caller's business (Temporal's): here just enough for connections that were reset, of which a
 * busy server may leave several in the pool. Preflight asks only once.
 */
const attempts = 4;
const connectionTimeoutMs = 3_000;

/**
 * The connections to all servers, by the silence that is allowed on them. State of the process, and on purpose: an activity
 * opens its catalogue anew each time, and a client of its own would leave its idle connections open for as long as the
 * server lets it. They hold no credentials; those are each client's.
 */
const connections = new Map<number, S3ClientConfig['requestHandler']>();

export function s3Client({ endpoint, region, accessKey, secretKey, silenceSeconds = 30 }: S3Place): S3Client {
  const client = new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    maxAttempts: attempts,
    requestHandler: connections.get(silenceSeconds) ?? {
      connectionTimeout: connectionTimeoutMs,
      socketTimeout: silenceSeconds * 1000,
    },
    // Many servers that speak S3 don't know the checksums that the SDK adds by default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  connections.set(silenceSeconds, client.config.requestHandler);
  return client;
}
