import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { redact, redactWords, shortened } from '../config/redaction.ts';
import { ChecksFailed } from '../domain/checks-failed.ts';
import { Failure, failureKinds } from '../domain/failures.ts';
import { WaitedOut } from '../operations/time-limit.ts';

/**
 * The one table between our failures and Temporal's: the type is the failure's kind, whether it is retried stands
 * in domain/failures.ts, and the remedy travels in the details. What a history keeps of it is free of every secret that
 * this process has read.
 */
export function toTemporal(error: unknown, cancelled: boolean): Error {
  if (cancelled) return new CancelledFailure('cancelled');
  if (error instanceof CancelledFailure) return error;
  if (error instanceof ApplicationFailure) return withoutSecrets(error);
  if (error instanceof Failure)
    return ApplicationFailure.create({
      type: error.kind,
      message: shortened(redact(error.message)),
      nonRetryable: error instanceof WaitedOut || !failureKinds[error.kind].retryable,
      details: [
        redactWords({ remedy: error.remedy, ...(error instanceof ChecksFailed ? { checks: error.checks } : {}) }),
      ],
    });
  const message = (error as { message?: unknown } | undefined)?.message;
  return ApplicationFailure.create({
    type: 'Internal',
    message: shortened(redact(typeof message === 'string' ? message : String(error))),
    nonRetryable: true,
    details: [{ remedy: "This is a bug in Rekindle: report it with the worker's log" }],
  });
}

/** A new failure, since the old one's cause and stack repeat what its message says, and Temporal keeps both. */
function withoutSecrets(error: ApplicationFailure): ApplicationFailure {
  const { type, nonRetryable, category } = error;
  const details = error.details?.map((detail) => (typeof detail === 'string' ? redact(detail) : redactWords(detail)));
  const cause = error.cause && causeWithoutSecrets(error.cause);
  const clean = ApplicationFailure.create({
    message: redact(error.message),
    type: type ?? undefined,
    nonRetryable: nonRetryable ?? false,
    // The type is the package `ms`'s, which lint cannot see.
    // oxlint-disable-next-line typescript/no-unsafe-assignment
    nextRetryDelay: error.nextRetryDelay ?? undefined,
    category: category ?? undefined,
    details,
    cause,
  });
  if (error.stack !== undefined) clean.stack = redact(error.stack);
  return clean;
}

function causeWithoutSecrets(error: Error): Error {
  if (error instanceof ApplicationFailure) return withoutSecrets(error);
  const { cause } = error;
  const clean = new Error(redact(error.message), cause instanceof Error ? { cause: causeWithoutSecrets(cause) } : {});
  clean.name = error.name;
  if (error.stack !== undefined) clean.stack = redact(error.stack);
  return clean;
}
