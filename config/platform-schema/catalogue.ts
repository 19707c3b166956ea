import { z } from 'zod';
import { awsCredentials, bucketWriting, deletion, s3Keys, trust } from './authentication.ts';

// Where recovery points are listed, and how a bucket is reached.

/** A bucket that Rekindle itself reads, and who asks for it. */
export const bucketPlace = {
  bucket: z.string().min(3),
  prefix: z.string().default(''),
  endpoint: z.url().optional(),
  region: z.string().default('us-east-1'),
  accessKey: s3Keys.accessKey.optional(),
  secretKey: s3Keys.secretKey.optional(),
  sessionToken: s3Keys.sessionToken,
  credentials: awsCredentials
    .optional()
    .describe('In place of accessKey and secretKey; without either, what the environment gives for AWS'),
  tls: trust.optional(),
};

export const catalogue = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('directory'), path: z.string().min(1) }),
  z.strictObject({
    kind: z.literal('s3'),
    ...bucketPlace,
    deletion: deletion
      .optional()
      .describe('Credentials for deleting, asked for when something is deleted; default: the same'),
    ...bucketWriting,
  }),
]);
