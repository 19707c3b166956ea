import { Failure, type FailureKind } from '../domain/failures.ts';

const statuses: Partial<Record<FailureKind, number>> = {
  UnknownPlatform: 404,
  NotLoggedIn: 401,
  NotAllowed: 403,
  TooManyRequests: 429,
  InvalidArgument: 400,
};

export function httpStatus(error: unknown): number {
  if (error instanceof Failure) return statuses[error.kind] ?? 500;
  // Fastify's own refusals: a request too large, or malformed.
  const { statusCode } = error as { statusCode?: number };
  return statusCode !== undefined && statusCode >= 400 ? statusCode : 500;
}
