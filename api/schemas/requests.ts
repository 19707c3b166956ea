import { z } from 'zod';
import { mostKeepHours } from '../../domain/drills/kept.ts';
import type {
  AcceptPoint,
  Answer,
  ApprovePlan,
  ApproveWave,
  CheckPlatform,
  DecideStep,
  LogIn,
  Refusal,
  RejectPlan,
  Spoken as SpokenWord,
  StartBackup,
  Started,
  StartRebuild,
  StartRestore,
  StartScrub,
  StartDrill,
  TellFleet,
  UnpinPoint,
} from '../types.ts';
import { failure, type SchemaOf } from './common.ts';
import { backupReason, choice } from './run.ts';

/** More than anybody types, and little enough for a history. */
const line = (most: number) => z.string().trim().min(1, 'must not be empty').max(most);
const name = line(255);
const moment = z.iso.datetime('must be a time in UTC such as 2026-11-21T09:30:00Z');
const spokenFields = { by: name.optional().describe('Who says so; counts only while access control is off') };

export const spoken = z.strictObject(spokenFields) satisfies SchemaOf<SpokenWord>;

const wanted = {
  point: name.optional().describe('`latest` (default), `proven` or the id of a recovery point'),
  before: moment.optional(),
  volumes: z.enum(['quarantine', 'remove']).optional(),
  beside: z
    .boolean()
    .optional()
    .describe('Restored next to the platform, which serves until the swap; default: in place'),
  promote: name
    .optional()
    .describe(
      'A drill that keeps what it restored (`keepHours`): that is swapped in, with the recovery point that it has',
    ),
};
type Wanted = Partial<Record<'point' | 'before' | 'promote', string | undefined>> & { beside?: boolean | undefined };
const onePoint = {
  check: ({ point, before }: Wanted) => point === undefined || before === undefined,
  because: { path: ['before'], error: 'cannot be given together with point: leave one of them out' },
};
const oneWay = {
  check: ({ promote, point, before, beside }: Wanted) =>
    promote === undefined || (point === undefined && before === undefined && beside === undefined),
  because: {
    path: ['promote'],
    error: 'names the point and the way with the drill: leave out point, before and beside',
  },
};

export const checkPlatform = z
  .strictObject({ ...spokenFields, ...wanted })
  .refine(onePoint.check, onePoint.because)
  .refine(oneWay.check, oneWay.because) satisfies SchemaOf<CheckPlatform>;

export const startRestore = z
  .strictObject({ ...spokenFields, ...wanted, runningBackup: z.enum(['wait', 'cancel']).optional() })
  .refine(onePoint.check, onePoint.because)
  .refine(oneWay.check, oneWay.because) satisfies SchemaOf<StartRestore>;

export const startBackup = z.strictObject({
  ...spokenFields,
  reason: backupReason.optional().describe('Why it is taken: the report and the recovery point say it'),
}) satisfies SchemaOf<StartBackup>;

export const startRebuild = z.strictObject({
  ...spokenFields,
  store: name.optional(),
  removeExtra: z.boolean().optional(),
}) satisfies SchemaOf<StartRebuild>;

export const startScrub = z.strictObject({
  ...spokenFields,
  point: name.optional().describe('Only what this one refers to: `latest`, `proven` or the id of a recovery point'),
  extent: z.enum(['all', 'share']).optional().describe('`all` (default), or the share that is due by rotation'),
}) satisfies SchemaOf<StartScrub>;

export const startDrill = z
  .strictObject({
    ...spokenFields,
    point: wanted.point,
    indices: z
      .array(name)
      .min(1)
      .max(1000)
      .optional()
      .describe('Only these, by names and patterns; a leading - excludes. Default: all that fit'),
    keepHours: z
      .int()
      .min(1)
      .max(mostKeepHours)
      .optional()
      .describe('What it restored is kept so long, stopped, for a restore that promotes it. Not with indices'),
  })
  .refine(({ indices, keepHours }) => indices === undefined || keepHours === undefined, {
    path: ['keepHours'],
    error: 'cannot be given together with indices: half a platform cannot be promoted',
  }) satisfies SchemaOf<StartDrill>;

const hashOf = (what: string) =>
  z.string().regex(/^[0-9a-f]{64}$/, `must be the ${what}'s complete hash: 64 characters of 0-9 and a-f`);

export const approvePlan = z.strictObject({
  ...spokenFields,
  planHash: hashOf('plan'),
  platform: name.describe("The platform's name, typed by the person who approves"),
}) satisfies SchemaOf<ApprovePlan>;

export const approveWave = z.strictObject({
  ...spokenFields,
  planHash: hashOf('wave').describe("`waveHash` of the fleet, which covers the wave's plans"),
  fleet: name.describe("The fleet's name, typed by the person who approves"),
}) satisfies SchemaOf<ApproveWave>;

export const tellFleet = z.strictObject({
  ...spokenFields,
  reason: line(2000).optional(),
}) satisfies SchemaOf<TellFleet>;

export const rejectPlan = z.strictObject({
  ...spokenFields,
  reason: line(2000).optional(),
}) satisfies SchemaOf<RejectPlan>;

export const decideStep = z.strictObject({
  ...spokenFields,
  step: name.optional().describe('Absent: the one that waits, or all that failed for one cause'),
  choice,
}) satisfies SchemaOf<DecideStep>;

export const acceptPoint = z.strictObject({
  ...spokenFields,
  reason: line(2000).describe('Why it is as it should be; the catalogue keeps it'),
}) satisfies SchemaOf<AcceptPoint>;

export const unpinPoint = z.strictObject({
  ...spokenFields,
  all: z.boolean().optional().describe('Also the pins of runs'),
}) satisfies SchemaOf<UnpinPoint>;

export const logIn = z.strictObject({ token: line(1000) }) satisfies SchemaOf<LogIn>;

export const started = z.object({ run: z.string() }) satisfies SchemaOf<Started>;
export const answer = z.object({
  answer: z.string().describe('One line for people'),
  run: z.string().optional(),
}) satisfies SchemaOf<Answer>;
export const refusal = z.object({ failure }) satisfies SchemaOf<Refusal>;

const count = (most: number) =>
  z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(most, `must be at most ${most}`);

export const queries = {
  points: z.strictObject({
    limit: count(1000).optional(),
    before: name.optional(),
    since: moment.optional().describe('Only those taken at that time or later, which is quick however many there are'),
  }),
  history: z.strictObject({ limit: count(1000).optional() }),
  runs: z.strictObject({ platform: name.optional(), limit: count(1000).optional() }),
  ofPlatform: z.strictObject({ platform: name.optional() }),
  audit: z.strictObject({ limit: count(1000).optional() }),
  run: z.strictObject({
    waiting: z
      .enum(['for approval', 'for decision'])
      .optional()
      .describe("Of several runs that a platform's name may mean, one that waits for this"),
  }),
  events: z.strictObject({
    topics: z
      .string()
      .min(1)
      .describe('platforms, platform:<name>, run:<id>, fleets, fleet:<name>, incidents; separated by commas'),
  }),
};
