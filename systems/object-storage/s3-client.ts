import { S3Client } from '@aws-sdk/client-s3';

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

/** Retrying for long is the caller's business (Temporal's): here just enough for a connection that was reset. */
const attempts = 2;
const connectionTimeoutMs = 3_000;

export function s3Client({ endpoint, region, accessKey, secretKey, silenceSeconds = 30 }: S3Place): S3Client {
  return new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: connectionTimeoutMs, socketTimeout: silenceSeconds * 1000 },
    // Many servers that speak S3 don't know the checksums that the SDK adds by default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}
