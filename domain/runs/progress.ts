import type { Check, Verdict } from '../checks.ts';
import type { Forecast } from './forecast.ts';
import type { Plan } from '../plans/plan.ts';
import type { IndexName, StoreName } from '../names.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';
import { describeStep } from '../plans/describe-step.ts';
import type { Action, StepId } from '../plans/steps.ts';
import type { RunSources } from './sources.ts';
import type { StartedBy } from './started-by.ts';

export type Phase =
  | 'starting'
  | 'waiting for lock'
  | 'planning'
  | 'waiting for approval'
  | 'running'
  | 'waiting for decision'
  | 'undoing'
  | 'rolling back'
  | 'quarantined'
  | 'passed'
  | 'failed'
  | 'refused'
  | 'skipped'
  | 'rolled back'
  | 'released'
  | 'cancelled';

export const finalPhases: ReadonlySet<Phase> = new Set([
  'passed',
  'failed',
  'refused',
  'skipped',
  'rolled back',
  'released',
  'cancelled',
]);

/** The run goes on when a person has given an answer. */
export function waitsForPerson({ phase }: { phase: string }): boolean {
  return phase === 'waiting for approval' || phase === 'waiting for decision';
}

/** Of what is open: a quarantine that only keeps its data, and is not on the way back. */
export function onlyKeeps({ kind, phase }: { kind: string; phase: string }): boolean {
  return kind === 'quarantine' && !['waiting for lock', 'rolling back', 'waiting for decision'].includes(phase);
}

export type StepStatus = 'waiting' | 'running' | 'done' | 'failed' | 'skipped' | 'undone';

/** One mark for each, the same on the terminal and in the Temporal UI. */
export const stepMarks: Record<StepStatus, string> = {
  waiting: '·',
  running: '▶',
  done: '✔',
  failed: '✘',
  skipped: '↷',
  undone: '↶',
};

export interface StepState {
  id: StepId;
  action: Action;
  title: string;
  /** Of a restore beside the platform: it touches nothing of the platform itself. */
  scene?: true;
  status: StepStatus;
  /** ISO 8601, UTC; of the last attempt when an operator chose retry. */
  startedAt?: string;
  /** Then, of the first attempt. */
  firstStartedAt?: string;
  finishedAt?: string;
  /** How often it was tried when that is more than once, as far as is known: by itself and by a person's choice. */
  attempts?: number;
  /** One line: what was done, or why it failed. */
  summary?: string;
}

/** What a person may choose when a step failed. */
export type Choice = 'retry' | 'skip' | 'abort' | 'rollback';
export const choices: readonly Choice[] = ['retry', 'skip', 'abort', 'rollback'];

export interface PendingDecision {
  step: StepId;
  /** From which step a retry goes on, when what that one made is gone. */
  from?: StepId;
  failure: { kind: string; message: string; remedy: string };
  choices: { choice: Choice; meaning: string }[];
}

export interface Decision {
  step: StepId;
  choice: Choice;
  by: string;
  at: string;
}

export interface Approval {
  by: string;
  at: string;
  /**
   * The caller when starting (`--yes`), a person by the Update, one whom a gateway vouches for, a person who approved the
   * wave of a fleet, or nobody, because the platform file requires none.
   */
  how: 'caller' | 'update' | 'authenticated' | 'wave' | 'not required';
}

/** A time that a run spent waiting. */
export interface Wait {
  for: 'lock' | 'approval' | 'decision';
  startedAt: string;
  finishedAt: string;
}

/** Where a run left what it was to do: its plan was replaced, an approval did not count. */
export interface Departure {
  at: string;
  what: string;
  /** The person whose word it was about; absent: nobody's. */
  by?: string;
}

const waitingPhases: Partial<Record<Phase, Wait['for']>> = {
  'waiting for lock': 'lock',
  'waiting for approval': 'approval',
  'waiting for decision': 'decision',
};
/** A run that waits more often keeps the first ones. */
const mostWaits = 100;

/** Notes that the run left a phase in which it had waited since then. */
export function noteWait(progress: RunProgress, left: Phase, since: string, now: string): void {
  const what = waitingPhases[left];
  const waits = progress.waits ?? [];
  if (what === undefined || waits.length >= mostWaits) return;
  progress.waits = [...waits, { for: what, startedAt: since, finishedAt: now }];
}

/** Everything known of a run while it goes on; with `finishedAt` it is the run's report. */
export interface RunProgress {
  run: string;
  kind: Plan['kind'] | 'quarantine';
  platform: string;
  phase: Phase;
  verdict?: Verdict;
  recoveryPoint?: { id: RecoveryPointId; startedAt: string; adopted?: true };
  /** Of a drill that does not restore all of the recovery point: the indices, by store. */
  rehearses?: Record<StoreName, IndexName[]>;
  /** Of a restore or a drill: what it restores, and on what. */
  sources?: RunSources;
  /** When this run proved its recovery point: it was restored, and all checks passed. ISO 8601, UTC. */
  provenAt?: string;
  /** Of the plan that was made last; a restore that rolls back keeps that of the plan that people approved. */
  planHash?: string;
  startedAt: string;
  /** Absent in reports of earlier versions. */
  startedBy?: StartedBy;
  finishedAt?: string;
  /** A line for people: what it waits for, why it was refused, who holds the lock. */
  note?: string;
  /** The run that held the platform and was cancelled for this one. */
  cancelled?: string;
  /** What went wrong without changing the verdict: a webhook that nobody answered. */
  notes?: string[];
  /** Each is among the notes as well. */
  departures?: Departure[];
  /** In order; the plan is approved when there are as many as needed. */
  approvals: Approval[];
  /** In the order in which they ended. */
  waits?: Wait[];
  approvalsNeeded?: number;
  /** While it waits for approval: when it ends without one. ISO 8601, UTC. */
  approvalUntil?: string;
  /** Who rejected the plan. */
  rejection?: { by: string; at: string; reason?: string };
  forecast?: Forecast;
  /** What a restore set aside, and until when it is kept. */
  quarantine?: QuarantineState;
  pointOfNoReturn?: { step: StepId; passedAt?: string };
  steps: StepState[];
  checks: Check[];
  pendingDecisions: PendingDecision[];
  decisions: Decision[];
  failure?: { kind: string; message: string; remedy: string };
  /** What a quarantine cannot do now. It goes on when that is repaired; nothing is deleted meanwhile. */
  obstacle?: Obstacle;
}

export interface Obstacle {
  failure: { kind: string; message: string; remedy: string };
  /** ISO 8601, UTC; it is tried again from time to time, and at the latest then. */
  since: string;
  nextTryAt: string;
}

export function startProgress(
  run: string,
  kind: RunProgress['kind'],
  platform: string,
  startedAt: string,
): RunProgress {
  return {
    run,
    kind,
    platform,
    phase: 'starting',
    startedAt,
    approvals: [],
    steps: [],
    checks: [],
    pendingDecisions: [],
    decisions: [],
  };
}

/** How a run ends that stopped nothing. */
export function untouched({ cancelled }: Pick<RunProgress, 'cancelled'>): string {
  return cancelled === undefined
    ? 'nothing was touched'
    : `${cancelled} was cancelled for it, nothing else was touched`;
}

/** What is set aside. */
export interface QuarantineContent {
  volumes: string[];
  /** Of all files in them; absent: not known. */
  bytes?: number;
}

/** Old data that waits for its release or a rollback. */
export interface QuarantineState extends QuarantineContent {
  /** The workflow that takes the Updates `rollback` and `release`. */
  workflow: string;
  /** When it is deleted, ISO 8601, UTC. Absent: not before someone decides. */
  releaseAt?: string;
}

export function followPlan(progress: RunProgress, plan: Plan): void {
  progress.planHash = plan.hash;
  if (plan.recoveryPoint) progress.recoveryPoint = plan.recoveryPoint;
  if (plan.scene?.share) progress.rehearses = plan.scene.share.indices;
  if (plan.pointOfNoReturn) progress.pointOfNoReturn = { step: plan.pointOfNoReturn };
  else delete progress.pointOfNoReturn;
  progress.steps = stepStates(plan);
}

/** The rollback's steps are listed below those that it takes back. */
export function followRollback(progress: RunProgress, plan: Plan): void {
  if (progress.kind === 'quarantine') progress.planHash = plan.hash;
  const kept = progress.steps.filter(({ id }) => !plan.steps.some((step) => step.id === id));
  progress.steps = [...kept, ...stepStates(plan)];
}

function stepStates(plan: Plan): StepState[] {
  return plan.steps.map((step) => ({
    id: step.id,
    action: step.action,
    title: describeStep(step),
    ...(step.scene && { scene: step.scene }),
    status: 'waiting',
  }));
}
