import type { StepProgress } from '../plans/steps.ts';

/** What Temporal lists as pending: it runs, or waits between two attempts. */
export interface PendingStep {
  /** The step's id; outside a plan, the activity's number. */
  step: string;
  title: string;
  attempt: number;
  maximumAttempts: number;
  startedAt?: string;
  /** Its last heartbeat. */
  progress?: StepProgress;
  /** Why the attempt before this one failed. */
  lastFailure?: string;
}
