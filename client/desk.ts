import type { Plan } from '../domain/plans/plan.ts';
import type { Choice, Phase, RunProgress } from '../domain/runs/progress.ts';
import type { QuarantineSeen } from '../domain/runs/quarantine-seen.ts';
import type { StartedBy } from '../domain/runs/started-by.ts';
import type { PendingStep } from '../domain/runs/pending-step.ts';
import type { RunLine, Starts } from './runs.ts';

/** What a run answers to a person's word. */
export interface Reply {
  /** The run that was meant, by its id. */
  run: string;
  /** One line for people. */
  answer: string;
}

/** Where a run stands. */
export interface RunLook {
  /** Absent while nobody answers. */
  progress?: RunProgress;
  /** What it does right now; absent while Temporal, too, is out of reach. */
  pending?: PendingStep[];
  /** Who gives no answer; absent: everybody does. */
  silent?: 'no worker' | 'Temporal' | 'the gateway';
  /** It was terminated or timed out: its own phase will never say that it ended. */
  cutOff: boolean;
}

/**
 * What people do with runs, from wherever they sit: over Temporal (temporal-desk.ts), or over a gateway's API. A
 * `reference` is a run's id, or a platform's name for the run that a person would mean. Failures of each: RunNotFound,
 * InvalidArgument (the run refuses, or has ended), RunFailed (no worker answers), TemporalUnreachable.
 */
export interface Desk {
  /** How often it may be asked where a run stands, in milliseconds. */
  readonly pollEveryMs: number;
  /** Answers the run's id. Failure: PlatformBusy, when one was started in the same second. */
  start<K extends keyof Starts>(kind: K, input: Starts[K]['input'] & { startedBy: StartedBy }): Promise<string>;
  /** `wanted`: rather one in this phase than another. */
  find(reference: string, wanted?: Phase): Promise<RunLine>;
  /** Never fails because somebody is out of reach. */
  look(run: string): Promise<RunLook>;
  plan(run: string): Promise<Plan | undefined>;
  /** What waits for approval: for people to read. */
  proposal(reference: string): Promise<{ progress: RunProgress; plan: Plan | undefined }>;
  /** Newest first. */
  runs(which: { platform?: string | undefined; limit: number }): Promise<RunLine[]>;
  quarantines(platform?: string): Promise<QuarantineSeen[]>;
  approve(reference: string, word: { planHash: string; platform: string; by: string }): Promise<Reply>;
  reject(reference: string, word: { by: string; reason?: string | undefined }): Promise<Reply>;
  /** Without `step`: the one that waits, or all that failed for one cause. */
  decide(reference: string, word: { step?: string | undefined; choice: Choice; by: string }): Promise<Reply>;
  cancel(reference: string, word: { by: string }): Promise<Reply>;
  /** Of what a restore set aside; `reference` also of the quarantine, the reply's run is the quarantine's. */
  rollback(reference: string, word: { by: string }): Promise<Reply>;
  release(reference: string, word: { by: string }): Promise<Reply>;
  /** Waits a few seconds at most until the run has closed: it does so a moment after its last phase. */
  closed(run: string): Promise<void>;
}
