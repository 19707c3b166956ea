import { Failure, type FailureKind } from '../../domain/failures.ts';
import { certificateFailure } from '../tls/certificate-failures.ts';
import type { S3Place } from './s3-client.ts';

interface Verdict {
  kind: FailureKind;
  remedy: string;
}

const unreachable: Verdict = {
  kind: 'ObjectStorageUnreachable',
  remedy: 'Start the object storage, or correct its endpoint in the platform file, then repeat the step',
};
const credentials: Verdict = {
  kind: 'WrongCredentials',
  remedy: 'Correct the access key and secret key that the platform file refers to, and their rights on the bucket',
};
const denied: Verdict = {
  kind: 'AccessDenied',
  remedy:
    'The keys are right and may not do this: compare their policy with deploy/rights/ (and the bucket policy, the KMS key and Object Lock with what is written)',
};
const expired: Verdict = {
  kind: 'WrongCredentials',
  remedy:
    'The temporary keys have expired: give new ones, or name in the platform file where they come from, so that they are renewed (docs/authentication.md)',
};
const clock: Verdict = {
  kind: 'ClockSkew',
  remedy: 'Set the clock of this machine, or of the object storage, right: signatures hold for a few minutes only',
};
const kms: Verdict = {
  kind: 'AccessDenied',
  remedy: 'Correct "catalogue.encryption.keyId", or grant these keys kms:GenerateDataKey and kms:Decrypt on the key',
};
const bucket: Verdict = {
  kind: 'BucketMissing',
  remedy: 'Create the bucket, or correct its name in the platform file',
};
const full: Verdict = {
  kind: 'ObjectStorageFull',
  remedy:
    'Make room where the catalogue lies, or raise its quota, then start again; what was written before is complete',
};

/** S3's error codes, Node's error codes and the SDK's error names → what they mean here. */
const verdicts: Record<string, Verdict> = {
  InvalidAccessKeyId: credentials,
  SignatureDoesNotMatch: credentials,
  AccessDenied: denied,
  Forbidden: denied,
  AuthorizationHeaderMalformed: credentials,
  AllAccessDisabled: denied,
  AccountProblem: denied,
  RequestTimeTooSkewed: clock,
  RequestExpired: clock,
  XAdminUserNotFound: credentials, // VersityGW's word for InvalidAccessKeyId
  InvalidToken: credentials,
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  TokenRefreshRequired: expired,
  'KMS.NotFoundException': kms,
  'KMS.DisabledException': kms,
  'KMS.KMSInvalidStateException': kms,
  CredentialsProviderError: credentials,
  NoSuchBucket: bucket,
  ECONNREFUSED: unreachable,
  ECONNRESET: unreachable,
  ECONNABORTED: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  ETIMEDOUT: unreachable,
  EPIPE: unreachable,
  TimeoutError: unreachable,
  SlowDown: unreachable,
  ServiceUnavailable: unreachable,
  InternalError: unreachable,
  QuotaExceeded: full,
  InsufficientStorage: full,
  XMinioStorageFull: full,
};

/** The one table from foreign errors to failures. `doing` says what was tried, on which object: `Reading x/y`. */
export function objectStorageFailure(error: unknown, doing: string, where: string): Failure {
  if (error instanceof Failure) return error;
  const names = namesOf(error);
  const verdict = names.map((name) => verdicts[name]).find((found) => found !== undefined) ?? byStatus(error);
  const { kind, remedy } = verdict ?? {
    kind: 'CatalogueRefused' as const,
    remedy: `Search the log of the object storage for "${names[0] ?? 'the cause'}"`,
  };
  return new Failure(kind, { message: `${doing} in ${where}: ${names[0] ?? 'failed'}`, remedy }, { cause: error });
}

/**
 * The same for a server of S3, with what its certificate is refused for. Amazon's own answers speak for themselves; how
 * wrong the clock is says the server's date.
 */
export async function s3Failure(
  error: unknown,
  { doing, where, place: { endpoint, tls } }: { doing: string; where: string; place: S3Place },
): Promise<Failure> {
  const url = endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const server = url && { host: url.hostname, port: Number(url.port) || 443, serverName: tls?.servername };
  const refused =
    url?.protocol === 'https:' && server ? await certificateFailure(error, server, 'catalogue.tls') : undefined;
  if (refused) return refused;
  const failure = objectStorageFailure(error, doing, where);
  if (failure.kind !== 'ClockSkew') return failure;
  const here = new Date().toISOString();
  return new Failure(
    'ClockSkew',
    { message: `${failure.message}; the clock here shows ${here}`, remedy: failure.remedy },
    { cause: error },
  );
}

/** The error's own code or name, and those of what caused it. */
function namesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code, name } = error as { code?: unknown; name: string };
  const causes = error instanceof AggregateError ? error.errors : [error.cause];
  return [...(typeof code === 'string' ? [code] : []), name, ...causes.flatMap(namesOf)].filter(
    (text) => text !== 'Error',
  );
}

function byStatus(error: unknown): Verdict | undefined {
  const status = (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
  if (status === undefined) return undefined;
  if (status === 401) return credentials;
  if (status === 403) return denied;
  if (status === 507) return full;
  return status >= 500 || status === 429 ? unreachable : undefined;
}
