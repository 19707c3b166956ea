import { troubleOf, type Trouble } from '../domain/status/status.ts';
import { Failure, failureKinds, type FailureKind } from '../domain/failures.ts';

const statuses: Partial<Record<FailureKind, number>> = {
  UnknownPlatform: 404,
  RunNotFound: 404,
  RecoveryPointNotFound: 404,
  NotLoggedIn: 401,
  NotAllowed: 403,
  TooManyRequests: 429,
  InvalidArgument: 400,
  // Files and secrets are the operator's, not the caller's.
  InvalidPlatformFile: 500,
  InvalidGatewayFile: 500,
  MissingSecret: 500,
  MissingKey: 500,
  // Nobody answers for the run.
  RunFailed: 503,
};

/** What an answer says of it. */
export function failureOf(error: unknown): Trouble {
  const { statusCode = 500, message } = error as { statusCode?: number; message?: string };
  if (error instanceof Failure || statusCode >= 500) return troubleOf(error);
  return {
    kind: 'InvalidArgument',
    message: `The request cannot be read: ${message ?? ''}`,
    remedy: 'Send JSON, with content-type application/json; GET /api/v1/openapi.json describes every request',
  };
}

export function httpStatus(error: unknown): number {
  if (error instanceof Failure) return statuses[error.kind] ?? usual(error.kind);
  // Fastify's own refusals: a request too large, or malformed.
  const { statusCode } = error as { statusCode?: number };
  return statusCode !== undefined && statusCode >= 400 ? statusCode : 500;
}

/** Bad input, refused as things stand, worth another try, or none of these. */
function usual(kind: FailureKind): number {
  const { exitCode, retryable } = failureKinds[kind];
  if (exitCode === 2) return 400;
  if (exitCode === 3) return 409;
  return retryable ? 503 : 500;
}
