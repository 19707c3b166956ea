import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { Check, Verdict } from '../../domain/checks.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';

export interface FailureRecord {
  kind: string;
  message: string;
  remedy: string;
  checks: Check[];
  /** Of a run whose steps were all carried out, and which did not pass. */
  verdict?: Verdict;
}

/** What a failed activity or child says, in Rekindle's words; any other error keeps its own message. */
export function recordOf(error: unknown): FailureRecord {
  if (error instanceof ChildWorkflowFailure && error.cause instanceof TerminatedFailure)
    return {
      kind: 'RunFailed',
      message: `${error.execution.workflowId} was terminated in Temporal`,
      remedy: 'Find out who terminated it and why, then retry',
      checks: [],
    };
  if ((error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) && error.cause)
    return recordOf(error.cause);
  if (error instanceof ApplicationFailure) {
    const detail = (error.details?.[0] ?? {}) as { remedy?: string; checks?: Check[]; verdict?: Verdict };
    return {
      kind: error.type ?? 'Internal',
      message: error.message,
      remedy: detail.remedy ?? '',
      checks: detail.checks ?? [],
      ...(detail.verdict !== undefined && { verdict: detail.verdict }),
    };
  }
  if (error instanceof CancelledFailure)
    return { kind: 'Cancelled', message: 'The run was cancelled', remedy: '', checks: [] };
  if (error instanceof TimeoutFailure)
    return error.cause instanceof ApplicationFailure ? recordOf(error.cause) : timedOut(error);
  const message = error instanceof Error ? error.message : String(error);
  return {
    kind: 'Internal',
    message,
    remedy: "This is a bug in Rekindle: report it with the run's history",
    checks: [],
  };
}

function timedOut({ timeoutType }: TimeoutFailure): FailureRecord {
  const usedUp = timeoutType === 'START_TO_CLOSE';
  return {
    kind: 'StepTimedOut',
    message: usedUp ? 'The step did not end within its time' : `No answer within the step's time (${timeoutType})`,
    remedy: usedUp
      ? 'See what holds it up; when a snapshot or restore needs longer, raise the limit of its store in the platform file; then retry'
      : "See whether a worker runs on the platform's host, then retry",
    checks: [],
  };
}

export function failureOf(record: FailureRecord): ApplicationFailure {
  return ApplicationFailure.create({
    type: record.kind,
    message: record.message,
    nonRetryable: true,
    details: [{ remedy: record.remedy, checks: record.checks, ...(record.verdict && { verdict: record.verdict }) }],
  });
}

/** How a run fails whose steps were all carried out, and whose checks did not all pass. */
export function notPassed({ checks, verdict }: RunProgress): FailureRecord {
  const bad = checks.filter((check) => check.verdict !== 'pass');
  return {
    kind: 'VerificationFailed',
    message: `The verdict is ${verdict ?? 'inconclusive'}: ${bad.map(({ name, evidence }) => `${name}: ${evidence}`).join('; ') || 'nothing was checked'}`,
    remedy: bad[0]?.remedy ?? '',
    checks: [],
    verdict: verdict ?? 'inconclusive',
  };
}

/** The end of a restore that a person rolled back. */
export function rolledBack({ message, remedy, checks }: FailureRecord): FailureRecord {
  return {
    kind: 'RolledBack',
    message: `The platform was rolled back to its state before the run, because of: ${message}`,
    remedy,
    checks,
  };
}

/** The platform that the input names: people start runs by hand in the Temporal UI, where nothing checks what they type. */
export function platformIn(input: { platform?: string } | undefined): string {
  if (input?.platform) return input.platform;
  throw failureOf({
    kind: 'InvalidArgument',
    message: 'The input names no platform',
    remedy: 'Start it with the input {"platform": "<name>"}',
    checks: [],
  });
}

/** Refuses a message that is invalid or comes at the wrong time; a refused Update leaves no trace in the history. */
export function refuse(message: string): never {
  throw ApplicationFailure.create({ type: 'InvalidArgument', message, nonRetryable: true });
}
