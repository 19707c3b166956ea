import { z } from 'zod';
import type { ElasticsearchAuth } from '../../domain/authentication.ts';
import { secretReference } from './common.ts';

const sessionName = z
  .string()
  .regex(/^[\w+=,.@-]{2,64}$/, 'must hold 2 to 64 letters, digits and +=,.@-')
  .default('rekindle')
  .describe("The session's name in CloudTrail");
const roleArn = z.string().regex(/^arn:[^:]+:iam::\d*:role\/.+$/, 'must be the ARN of a role: arn:aws:iam::…:role/…');

/** Keys of S3 as the platform file had them from the beginning, for a catalogue and for `kind: keys`. */
export const s3Keys = {
  accessKey: secretReference,
  secretKey: secretReference,
  sessionToken: secretReference.optional(),
};

export const awsCredentials = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('environment') }).describe('What every AWS tool finds by itself'),
    z.strictObject({ kind: z.literal('keys'), ...s3Keys }),
    z.strictObject({ kind: z.literal('profile'), profile: z.string().min(1) }),
    z.strictObject({
      kind: z.literal('role'),
      roleArn,
      sessionName,
      externalId: z.string().min(2).optional(),
      profile: z.string().min(1).optional().describe("Whose credentials assume the role; default: the environment's"),
    }),
    z.strictObject({ kind: z.literal('webIdentity'), roleArn, sessionName, tokenFile: z.string().min(1) }),
    z.strictObject({ kind: z.literal('instance') }),
    z.strictObject({ kind: z.literal('container') }),
  ])
  .describe('Where credentials for AWS come from');

export const elasticsearchAuth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('basic'), username: z.string().min(1), password: secretReference }),
  z.strictObject({ kind: z.literal('apiKey'), apiKey: secretReference }),
  z.strictObject({ kind: z.literal('bearer'), token: secretReference }),
  z.strictObject({
    kind: z.literal('aws'),
    region: z.string().min(1),
    service: z.enum(['es', 'aoss']).default('es'),
    credentials: awsCredentials.prefault({ kind: 'environment' }),
  }),
]);

const trustKeys = {
  ca: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file with the authorities that are trusted, in place of the usual ones'),
  fingerprint: z
    .string()
    .regex(/^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i, 'must be a SHA-256 in hexadecimal, 64 digits, with colons or without')
    .optional()
    .describe('Of one certificate that the server sends: only what hangs on it is trusted'),
  serverName: z.string().min(1).optional().describe('The name that the certificate must hold'),
};

const notBoth = ({ ca, fingerprint }: { ca?: string; fingerprint?: string }) =>
  ca === undefined || fingerprint === undefined;
const notBothWords = { error: 'name either "ca" or "fingerprint", not both' };

export const trust = z.strictObject(trustKeys).refine(notBoth, notBothWords);

export const tls = z
  .strictObject({
    ...trustKeys,
    certificate: z.string().min(1).optional().describe("PEM file with Rekindle's own certificate"),
    key: secretReference.optional(),
    passphrase: secretReference.optional(),
  })
  .refine(notBoth, notBothWords)
  .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
    error: '"certificate" and "key" belong together',
  });

/** Nodes by URL; a password in one would be a secret in the file. */
export const nodeUrls = z
  .array(
    z
      .url({ protocol: /^https?$/, error: 'expected a URL, http or https' })
      .refine((url) => new URL(url).username === '' && new URL(url).password === '', {
        error: 'holds a user or password; these go into "auth", by reference',
      }),
  )
  .min(1);

export const bucketWriting = {
  encryption: z
    .strictObject({
      kind: z.enum(['AES256', 'aws:kms', 'aws:kms:dsse']),
      keyId: z.string().min(1).optional().describe("Of KMS; default: the bucket's, or the account's own"),
    })
    .optional()
    .describe('What the server encrypts objects with'),
  checksum: z
    .enum(['md5', 'crc32', 'sha256'])
    .optional()
    .describe('Sent with each object; a bucket with Object Lock demands one'),
};

/** Kept apart from what writes: a worker without them cannot delete. */
export const deletion = z.strictObject({ credentials: awsCredentials });

export const bucketAccess = z.strictObject({
  credentials: awsCredentials.prefault({ kind: 'environment' }),
  tls: trust.optional(),
});

/** `auth: { kind: basic }` is the store's user, as `username` and `password` beside it are. */
export function withUser<T extends { auth?: ElasticsearchAuth; username?: string }>(store: T): T {
  if (store.auth?.kind !== 'basic') return store;
  return { ...store, username: store.auth.username, password: store.auth.password };
}
