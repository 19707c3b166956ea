import { z } from 'zod';
import type { Action, StepProgress } from '../../domain/plans/steps.ts';
import type { FailureKind } from '../../domain/failures.ts';
import type { RunSources } from '../../domain/runs/sources.ts';
import type { RunOutcome } from '../../domain/runs/outcome.ts';
import {
  choices,
  type Approval,
  type Decision,
  type Departure,
  type Obstacle,
  type PendingDecision,
  type QuarantineState,
  type RunProgress,
  type StepState,
  type Wait,
} from '../../domain/runs/progress.ts';
import type { BackupReason, StartedBy } from '../../domain/runs/started-by.ts';
import type { PendingStep, QuarantineRow, RunBrief, RunDetails } from '../types.ts';
import { bytes, check, failure, seconds, textOf, time, verdict, type SchemaOf } from './common.ts';
import { forecast, plan, pointOfRun } from './plan.ts';

export const choice = z.enum(choices);
export const runKind = z.enum([
  'restore',
  'backup',
  'rebuild',
  'rollback',
  'quarantine',
  'prune',
  'scrub',
  'copy',
  'drill',
]);
export const phase = z.enum([
  'starting',
  'waiting for lock',
  'planning',
  'waiting for approval',
  'running',
  'waiting for decision',
  'undoing',
  'rolling back',
  'quarantined',
  'passed',
  'failed',
  'refused',
  'skipped',
  'rolled back',
  'released',
  'cancelled',
]);

const stepState = z.object({
  id: z.string(),
  action: textOf<Action>(),
  title: z.string(),
  scene: z.literal(true).optional().describe('Carried out next to the platform, of which it touches nothing'),
  status: z.enum(['waiting', 'running', 'done', 'failed', 'skipped', 'undone']),
  startedAt: time.optional(),
  firstStartedAt: time.optional(),
  finishedAt: time.optional(),
  attempts: z.number().optional().describe('When that is more than one'),
  summary: z.string().optional(),
}) satisfies SchemaOf<StepState>;

const approval = z.object({
  by: z.string(),
  at: time,
  how: z.enum(['caller', 'update', 'authenticated', 'wave', 'not required']),
}) satisfies SchemaOf<Approval>;

const pendingDecision = z.object({
  step: z.string(),
  from: z.string().optional().describe('From which step a retry goes on'),
  failure,
  choices: z.array(z.object({ choice, meaning: z.string() })),
}) satisfies SchemaOf<PendingDecision>;

const decision = z.object({ step: z.string(), choice, by: z.string(), at: time }) satisfies SchemaOf<Decision>;

export const quarantineState = z.object({
  volumes: z.array(z.string()),
  bytes: bytes.optional(),
  workflow: z.string(),
  releaseAt: time.optional().describe('When it is deleted; absent: not before someone decides'),
}) satisfies SchemaOf<QuarantineState>;

const obstacle = z.object({ failure, since: time, nextTryAt: time }) satisfies SchemaOf<Obstacle>;

export const backupReason = z.literal('before a deployment') satisfies z.ZodType<BackupReason>;

export const startedBy = z.object({
  how: z.enum(['command line', 'schedule', 'temporal ui', 'page', 'incident', 'fleet']),
  name: z.string().optional(),
  reason: backupReason.optional().describe('Of a backup: why it was taken'),
}) satisfies SchemaOf<StartedBy>;

const wait = z.object({
  for: z.enum(['lock', 'approval', 'decision']),
  startedAt: time,
  finishedAt: time,
}) satisfies SchemaOf<Wait>;

const departure = z.object({
  at: time,
  what: z.string(),
  by: z.string().optional().describe('The person whose word it was about'),
}) satisfies SchemaOf<Departure>;

const sources = z.object({
  engines: z.record(z.string(), z.string()).describe('Versions of the Docker engines, by host'),
  elasticsearch: z.record(z.string(), z.string()).optional().describe('Versions of Elasticsearch, by store'),
  images: z
    .record(z.string(), z.object({ reference: z.string(), digest: z.string() }))
    .describe('What each service is created from; digest: that of the image, or its id'),
  missing: z
    .array(z.object({ store: z.string(), reason: z.string() }))
    .optional()
    .describe('Optional stores that the recovery point goes without'),
  leftOut: z
    .record(z.string(), z.array(z.string()))
    .optional()
    .describe("Elasticsearch's own indices that the platform file leaves out, by store"),
  skewSeconds: seconds.optional().describe('How far the moments of the stores are apart in the recovery point'),
}) satisfies SchemaOf<RunSources>;

export const runProgress = z.object({
  run: z.string(),
  kind: runKind,
  platform: z.string(),
  phase,
  verdict: verdict.optional(),
  recoveryPoint: pointOfRun.optional(),
  rehearses: z
    .record(z.string(), z.array(z.string()))
    .optional()
    .describe('Of a drill that does not restore all of the recovery point: the indices, by store'),
  sources: sources.optional().describe('Of a restore or a drill: what it restores, and on what'),
  provenAt: time.optional().describe('When this run proved its recovery point'),
  planHash: z.string().optional(),
  startedAt: time,
  startedBy: startedBy.optional(),
  finishedAt: time.optional(),
  note: z.string().optional().describe('What it waits for, why it was refused, who holds the lock'),
  cancelled: z.string().optional(),
  notes: z.array(z.string()).optional(),
  departures: z.array(departure).optional().describe('Each is among the notes as well'),
  approvals: z.array(approval),
  waits: z.array(wait).optional(),
  approvalsNeeded: z.number().optional(),
  approvalUntil: time.optional(),
  rejection: z.object({ by: z.string(), at: time, reason: z.string().optional() }).optional(),
  forecast: forecast.optional(),
  quarantine: quarantineState.optional(),
  pointOfNoReturn: z.object({ step: z.string(), passedAt: time.optional() }).optional(),
  steps: z.array(stepState),
  checks: z.array(check),
  pendingDecisions: z.array(pendingDecision),
  decisions: z.array(decision),
  failure: failure.optional(),
  obstacle: obstacle.optional(),
}) satisfies SchemaOf<RunProgress>;

const stepProgress = z.object({
  done: z.number(),
  total: z.number().describe('0: not known'),
  unit: textOf<StepProgress['unit']>(),
  note: z.string(),
}) satisfies SchemaOf<StepProgress>;

const pendingStep = z.object({
  step: z.string(),
  title: z.string(),
  attempt: z.number(),
  maximumAttempts: z.number(),
  startedAt: time.optional(),
  progress: stepProgress.optional(),
  lastFailure: z.string().optional(),
}) satisfies SchemaOf<PendingStep>;

export const runBrief = z.object({
  id: z.string(),
  kind: z.string(),
  platform: z.string(),
  status: z.string().describe("Temporal's: running, completed, failed, cancelled, terminated, …"),
  phase: z.string(),
  verdict: z.string(),
  startedAt: time,
  closedAt: time.optional(),
  partOf: z.string().optional(),
}) satisfies SchemaOf<RunBrief>;

export const runDetails = z.object({
  run: runBrief,
  progress: runProgress,
  plan: plan.optional(),
  pending: z.array(pendingStep),
  silent: z.string().optional(),
  cutOff: z.boolean(),
}) satisfies SchemaOf<RunDetails>;

export const runOutcome = z.object({
  run: z.string(),
  kind: runKind,
  phase,
  finishedAt: time,
  durationSeconds: seconds,
  waitedSeconds: seconds.optional().describe('Of these, waiting for people'),
  recovery: z
    .object({ forecastSeconds: seconds, tookSeconds: seconds })
    .optional()
    .describe('Of a restore or drill: how long the recovery was forecast to take, and took'),
  failure: textOf<FailureKind>().optional(),
  recoveryPoint: z.string().optional(),
}) satisfies SchemaOf<RunOutcome>;

export const quarantineRow = z.object({
  quarantine: z.string(),
  run: z.string().describe('The restore that set the data aside'),
  platform: z.string(),
  startedAt: time,
  phase: z.enum([...phase.options, 'no worker answers']),
  volumes: z.array(z.string()).optional(),
  bytes: bytes.optional(),
  releaseAt: time.optional(),
  obstacle: obstacle.optional(),
}) satisfies SchemaOf<QuarantineRow>;
