import { z } from 'zod';
import type { RunUnderWay, ScheduleSeen } from '../../domain/status/status.ts';
import type { Assessment } from '../../domain/runs/assessment.ts';
import type { ReadinessSeen } from '../../domain/status/readiness-seen.ts';
import type { Coverage } from '../../domain/scrub/coverage.ts';
import type { HistoryEntry, PlatformDetails, PlatformRow, PointBrief } from '../types.ts';
import { bytes, check, known, seconds, time, verdict, type SchemaOf } from './common.ts';
import { incidentState } from './incident.ts';
import { forecast, plan } from './plan.ts';
import { quarantineState, runKind, runOutcome } from './run.ts';

const pointBrief = z.object({ id: z.string(), startedAt: time, ageSeconds: seconds }) satisfies SchemaOf<PointBrief>;

const runUnderWay = z.object({
  run: z.string(),
  platform: z.string(),
  kind: runKind,
  phase: z.string(),
  startedAt: time,
}) satisfies SchemaOf<RunUnderWay>;

const schedule = z.object({
  name: z.string(),
  platform: z.string(),
  workflow: z.string(),
  paused: z.boolean(),
  note: z.string().optional(),
  nextAt: time.optional(),
}) satisfies SchemaOf<ScheduleSeen>;

const coverage = z.object({
  store: z.string(),
  at: time,
  days: z.number(),
  files: z.number(),
  recentFiles: z.number(),
  bytes,
  recentBytes: bytes,
  oldest: time.optional(),
  damaged: z.number(),
}) satisfies SchemaOf<Coverage>;

const readiness = z.object({
  verdict: z.enum(['ready', 'not ready', 'unknown']),
  since: time.describe('Since when it has had this verdict'),
  at: time.describe('When it was evaluated'),
  everyMinutes: z.number(),
  unmet: z.array(z.object({ name: z.string(), evidence: z.string(), remedy: z.string() })),
  checks: z.number().describe('How many checks and objectives there were'),
  point: z.object({ id: z.string(), startedAt: time }).optional(),
  forecast: z.object({ downtimeSeconds: seconds, basis: z.string() }).optional(),
  reason: z.string().optional().describe('Why it could not be evaluated since'),
}) satisfies SchemaOf<ReadinessSeen>;

export const platformRow = z.object({
  platform: z.string(),
  state: z.enum(['good', 'failed', 'stale', 'none', 'unknown']),
  reason: z.string().optional(),
  remedy: z.string().optional(),
  newestGood: pointBrief.optional(),
  newestProven: pointBrief.optional(),
  recoveryPoints: z.number().optional(),
  suspectPoints: z.number().optional(),
  recoveryPointObjectiveSeconds: seconds.optional(),
  recoveryTimeObjectiveSeconds: seconds.optional(),
  drillObjectiveSeconds: seconds.optional().describe('How old the newest drill that passed may be'),
  lastRun: runOutcome.optional(),
  lastRestore: runOutcome.optional(),
  lastDrill: runOutcome.optional().describe('The newest drill that passed'),
  lastMeasured: runOutcome.optional().describe('The newest restore or drill that says how good its forecast was'),
  readiness: readiness.optional().describe('Whether it could be restored now, as evaluated last'),
  scrubbed: z.array(coverage).optional().describe('How much scrubs have read of each repository'),
  nextBackupAt: time.optional(),
  runs: known(z.array(runUnderWay)),
  worker: z.enum(['working', 'absent', 'unknown']).describe('Whether one takes its work'),
  workerVersions: z.array(z.string()).optional().describe('Those of the workers, when they differ'),
  incidents: z.number().describe('Those that have not ended'),
}) satisfies SchemaOf<PlatformRow>;

export const platformDetails = platformRow.extend({
  host: z.string().optional(),
  schedules: known(z.array(schedule)),
  quarantines: known(z.array(z.object({ run: z.string(), phase: z.string(), state: quarantineState.optional() }))),
  openIncidents: known(z.array(incidentState)),
  approval: z.object({ required: z.boolean(), approvers: z.array(z.string()), needed: z.number() }),
}) satisfies SchemaOf<PlatformDetails>;

export const historyEntry = runOutcome.extend({
  incrementalBytes: bytes.optional(),
  totalBytes: bytes.optional(),
  suspect: z.literal(true).optional(),
}) satisfies SchemaOf<HistoryEntry>;

export const assessment = z.object({
  at: time,
  verdict,
  checks: z.array(check),
  plan: plan.optional(),
  forecast: forecast.optional(),
  rollbackOf: z.string().optional().describe('The plan is that of a rollback of this run'),
}) satisfies SchemaOf<Assessment>;
