import { z } from 'zod';
import { address, day, name, seconds, serviceName } from './common.ts';
import { contradictions } from './retention.ts';
import { timing } from './timing.ts';

// When backups are taken, how long they are kept, and how old the newest may be.

const yearMinutes = (366 * day) / 60;

/** Hourly ones of ten years are 87,660. */
const mostPoints = 100_000;
const count = z.number().int().min(0).max(mostPoints).default(0);

const retention = z
  .strictObject({
    hourly: count,
    daily: count,
    weekly: count,
    monthly: count,
    yearly: count,
    minimumCount: z
      .number()
      .int()
      .min(1)
      .max(mostPoints)
      .default(3)
      .describe('So many of the newest are kept whatever their age'),
    maximumAgeDays: z
      .number()
      .positive()
      .max(36_600)
      .optional()
      .describe('Older ones go, unless another rule protects them'),
  })
  .superRefine((policy, context) => {
    for (const { key, message } of contradictions(policy))
      context.addIssue({ code: 'custom', path: key === undefined ? [] : [key], message, input: undefined });
  })
  .describe('How many recovery points of each tier are kept; absent: none is ever removed');

const percent = z.number().min(0).max(100);
const defaultShrinkPercent = 20;

/** A number is meant for every index; the longest of the patterns that fit an index counts. */
const mayShrinkPercent = z
  .union([percent, z.record(z.string().min(1), percent)], {
    error: 'a number from 0 to 100, or a mapping of index patterns to such numbers, is wanted',
  })
  .default(defaultShrinkPercent)
  .transform((given): Record<string, number> =>
    typeof given === 'number' ? { '*': given } : { '*': defaultShrinkPercent, ...given },
  )
  .describe('By how many percent of its documents an index may shrink before the recovery point is suspect');

const command = z.array(z.string()).min(1);

const hook = z.strictObject({
  name,
  service: serviceName.describe('In each of its containers that runs, as the user of its image'),
  before: command.describe('A program and its arguments, before anything is read; no shell unless you name one'),
  after: command.optional().describe('When all is read, and however the backup ends; may be called twice'),
  timeoutSeconds: seconds.default(60).describe('How long each of the two may take'),
});

export const backup = z
  .strictObject({
    logFile: z.string().optional(),
    timestampFile: z.string().optional(),
    schedule: timing.optional(),
    retention: retention.optional(),
    pruneSchedule: timing
      .optional()
      .describe('When retention is applied; default: once a day when there is a retention'),
    sampledFiles: z
      .number()
      .int()
      .min(0)
      .max(100_000)
      .default(200)
      .describe("Files of a new snapshot that are looked up in the repository's bucket"),
    scrubDays: z
      .number()
      .min(0)
      .max(366)
      .default(7)
      .describe('Every file in the bucket is read and compared with its checksum within so many days; 0: never'),
    onDamage: z
      .enum(['report', 'newBase'])
      .default('report')
      .describe(
        'When files are damaged that cannot be put back, the next backup goes on and reports it, or begins anew in another base_path',
      ),
    mayShrinkPercent,
    hooks: z
      .array(hook)
      .max(20)
      .optional()
      .describe('Commands in containers of the platform before a backup reads anything, and after it'),
    heartbeatUrl: address.optional().describe("A dead man's switch: asked (GET) after each good backup"),
  })
  .superRefine(({ retention, pruneSchedule }, context) => {
    if (pruneSchedule !== undefined && retention === undefined)
      context.addIssue({ code: 'custom', path: ['pruneSchedule'], message: 'there is no backup.retention to apply' });
  })
  .prefault({});

export const objectives = z
  .strictObject({
    recoveryPointMinutes: z
      .number()
      .positive()
      .max(yearMinutes)
      .optional()
      .describe('The newest good recovery point is never older'),
    recoveryTimeMinutes: z.number().positive().max(yearMinutes).optional().describe('A restore takes no longer'),
    provenWithinDays: z
      .number()
      .positive()
      .max(3660)
      .optional()
      .describe('A drill or a restore has proven a good recovery point within so many days'),
    drilledWithinDays: z
      .number()
      .positive()
      .max(3660)
      .optional()
      .describe('A drill has passed within so many days, also one of some indices'),
    skewSeconds: z
      .number()
      .positive()
      .max(day)
      .optional()
      .describe('The stores of a recovery point were read within so many seconds of each other; else it is suspect'),
  })
  .default({});

export const readiness = z
  .strictObject({
    everyMinutes: z
      .number()
      .int()
      .min(0)
      .max(day / 60)
      .default(30)
      .describe('How often it is evaluated whether the platform could be restored now; 0: never'),
  })
  .prefault({});
