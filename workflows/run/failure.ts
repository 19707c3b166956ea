import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { Check } from '../../domain/checks.ts';

export interface FailureRecord {
  kind: string;
  message: string;
  remedy: string;
  checks: Check[];
}

/** What a failed activity or child says, in Rekindle's words; whatever else was thrown is told as it is. */
export function recordOf(error: unknown): FailureRecord {
  if ((error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) && error.cause)
    return recordOf(error.cause);
  if (error instanceof ApplicationFailure) {
    const detail = (error.details?.[0] ?? {}) as { remedy?: string; checks?: Check[] };
    return {
      kind: error.type ?? 'Internal',
      message: error.message,
      remedy: detail.remedy ?? '',
      checks: detail.checks ?? [],
    };
  }
  if (error instanceof CancelledFailure)
    return { kind: 'Cancelled', message: 'the run was cancelled', remedy: '', checks: [] };
  if (error instanceof TimeoutFailure)
    return error.cause instanceof ApplicationFailure
      ? recordOf(error.cause)
      : {
          kind: 'StepTimedOut',
          message: `no answer within the step's time (${error.timeoutType})`,
          remedy: "see whether a worker runs on the platform's host, then retry",
          checks: [],
        };
  const message = error instanceof Error ? error.message : String(error);
  return {
    kind: 'Internal',
    message,
    remedy: "this is a bug in Rekindle: report it with the run's history",
    checks: [],
  };
}

export function failureOf(record: FailureRecord): ApplicationFailure {
  return ApplicationFailure.create({
    type: record.kind,
    message: record.message,
    nonRetryable: true,
    details: [{ remedy: record.remedy, checks: record.checks }],
  });
}

/** The end of a restore that a person had brought back. */
export function rolledBack({ message, remedy, checks }: FailureRecord): FailureRecord {
  return {
    kind: 'RolledBack',
    message: `the platform was brought back to what it was before the run, because of: ${message}`,
    remedy,
    checks,
  };
}

/** Answers a message that makes no sense or comes at the wrong time; a refused Update leaves no trace in the history. */
export function refuse(message: string): never {
  throw ApplicationFailure.create({ type: 'InvalidArgument', message, nonRetryable: true });
}
