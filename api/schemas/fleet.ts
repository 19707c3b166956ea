import { z } from 'zod';
import type { FailureThreshold, FleetProgress, FleetWord, Member } from '../../domain/fleet/fleet.ts';
import type { FleetStanding } from '../../domain/fleet/summary.ts';
import type { FleetDetails, FleetRow } from '../types.ts';
import { bytes, known, seconds, time, type SchemaOf } from './common.ts';
import { startedBy } from './run.ts';

const phase = z.enum([
  'surveying',
  'planning',
  'waiting for approval',
  'running',
  'paused',
  'held',
  'stopping',
  'passed',
  'failed',
]);
const memberState = z.enum(['waiting', 'running', 'passed', 'failed', 'inconclusive', 'skipped']);

const wave = z.object({
  number: z.number().describe('The one that is worked on; counts from 1'),
  of: z.number(),
  canaries: z.literal(true).optional(),
}) satisfies SchemaOf<NonNullable<FleetProgress['wave']>>;

const member = z.object({
  platform: z.string(),
  wave: z.number().describe('Counts from 1; 0 until it is known'),
  state: memberState.describe('skipped: nothing was done about it'),
  host: z.string(),
  taskQueue: z.string(),
  repositories: z.array(z.string()).describe('The places that its backups are read from'),
  bytes: bytes.optional().describe('Of the newest good recovery point; absent: not known'),
  plan: z
    .object({ hash: z.string(), point: z.string().optional(), downtimeSeconds: seconds.optional() })
    .optional()
    .describe('The plan that an approval of the wave covers'),
  run: z.string().optional().describe('Its restore'),
  execution: z.string().optional(),
  reason: z.string().optional().describe('Why it failed or was skipped'),
}) satisfies SchemaOf<Member>;

const word = z.object({
  word: z.enum(['approved', 'paused', 'resumed', 'stopped']),
  by: z.string(),
  at: time,
  reason: z.string().optional(),
}) satisfies SchemaOf<FleetWord>;

const threshold = z.union([
  z.object({ count: z.number() }),
  z.object({ percent: z.number() }),
]) satisfies z.ZodType<FailureThreshold>;

export const fleetProgress = z.object({
  fleet: z.string(),
  phase,
  note: z.string().optional().describe('What it waits for, why it is held'),
  startedAt: time,
  finishedAt: time.optional(),
  startedBy: startedBy.optional(),
  approval: z.enum(['wave', 'each']),
  limits: z.object({ overall: z.number(), perHost: z.number().optional(), perRepository: z.number().optional() }),
  stopWhenFailed: threshold,
  wave: wave.optional().describe('Absent while platforms are surveyed'),
  waveHash: z.string().optional().describe('What an approval names: SHA-256 over the hashes of the plans'),
  words: z.array(word),
  members: z.array(member),
}) satisfies SchemaOf<FleetProgress>;

const fleetStanding = z.object({
  phase,
  note: z.string().optional(),
  startedAt: time,
  finishedAt: time.optional(),
  wave: wave.optional(),
  platforms: z.number(),
  counts: z.partialRecord(memberState, z.number()),
}) satisfies SchemaOf<FleetStanding>;

export const fleetRow = z.object({ fleet: z.string(), standing: known(fleetStanding) }) satisfies SchemaOf<FleetRow>;

export const fleetDetails = z.object({
  progress: fleetProgress,
  phases: z.record(z.string(), z.string()).describe('In which phase its restores are that run, by their ids'),
}) satisfies SchemaOf<FleetDetails>;
