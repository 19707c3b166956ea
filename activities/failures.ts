import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import type { Check } from '../domain/checks.ts';
import { Failure, failureKinds, type FailureKind } from '../domain/failures.ts';

/** A verification that found something: the checks travel with it, so that the report shows each of them. */
export class ChecksFailed extends Failure {
  readonly checks: Check[];

  constructor(message: string, checks: Check[], kind: FailureKind = 'VerificationFailed') {
    const bad = checks.filter(({ verdict }) => verdict !== 'pass');
    super(kind, {
      message: `${message}: ${bad.map(({ name, evidence }) => `${name}: ${evidence}`).join('; ')}`,
      remedy: bad[0]?.remedy ?? '',
    });
    this.checks = checks;
  }
}

/**
 * A step that has a time limit of its own has waited it out. It is not tried again: the limit that was promised would be
 * multiplied by the attempts. What failed keeps its kind, message and remedy.
 */
export class WaitedOut extends Failure {
  constructor({ kind, message, remedy }: Failure) {
    super(kind, { message, remedy });
  }
}

/** Runs `wait`; a failure that came after its own limit of seconds is final, one that came before may be retried. */
export async function withinLimit<T>(limitSeconds: number, wait: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    return await wait();
  } catch (error) {
    // Half a second of slack: timers fire early by rounding.
    const over = performance.now() - startedAt >= (limitSeconds - 0.5) * 1000;
    throw over && error instanceof Failure ? new WaitedOut(error) : error;
  }
}

/**
 * The one table between our failures and Temporal's: the type is the failure's kind, whether it is tried again stands
 * in domain/failures.ts, and the remedy travels in the details.
 */
export function toTemporal(error: unknown, cancelled: boolean): Error {
  if (cancelled) return new CancelledFailure('cancelled');
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (error instanceof Failure)
    return ApplicationFailure.create({
      type: error.kind,
      message: error.message,
      nonRetryable: error instanceof WaitedOut || !failureKinds[error.kind].retryable,
      details: [{ remedy: error.remedy, ...(error instanceof ChecksFailed ? { checks: error.checks } : {}) }],
    });
  const message = (error as { message?: unknown } | undefined)?.message;
  return ApplicationFailure.create({
    type: 'Internal',
    message: typeof message === 'string' ? message : String(error),
    nonRetryable: true,
    details: [{ remedy: "a fault of Rekindle's: report it with the worker's log" }],
  });
}
