import { Failure, type FailureKind } from '../../domain/failures.ts';

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
  AccessDenied: credentials,
  Forbidden: credentials,
  AuthorizationHeaderMalformed: credentials,
  XAdminUserNotFound: credentials, // VersityGW's word for InvalidAccessKeyId
  InvalidToken: credentials,
  ExpiredToken: credentials,
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
  if (status === 401 || status === 403) return credentials;
  if (status === 507) return full;
  return status >= 500 || status === 429 ? unreachable : undefined;
}
