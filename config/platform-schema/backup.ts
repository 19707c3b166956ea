import { z } from 'zod';
import { name, port, secretReference, seconds } from './common.ts';
import { contradictions } from './retention.ts';

// When backups are taken, how long they are kept, and who is told about them.

const often = {
  timeZone: z.string().min(1).default('UTC').describe('IANA name, for instance Europe/Zurich'),
  jitterSeconds: z.number().int().min(0).default(0).describe('Each start is delayed by a random time up to this'),
  catchUpSeconds: seconds
    .default(24 * 3600)
    .describe('A start that Temporal missed is made up for when it is not older than this'),
};

/** A cron expression alone means the defaults of the rest. */
const timing = z
  .union([
    z.string().min(1),
    z.strictObject({ cron: z.string().min(1), ...often }),
    z.strictObject({ everySeconds: seconds, offsetSeconds: z.number().int().min(0).default(0), ...often }),
  ])
  .transform((given) =>
    typeof given === 'string' ? { cron: given, timeZone: 'UTC', jitterSeconds: 0, catchUpSeconds: 24 * 3600 } : given,
  )
  .describe('A cron expression (five fields, or six with seconds first), or { cron } or { everySeconds } with more');

const count = z.number().int().min(0).default(0);

const retention = z
  .strictObject({
    hourly: count,
    daily: count,
    weekly: count,
    monthly: count,
    yearly: count,
    minimumCount: z.number().int().min(1).default(3).describe('So many of the newest are kept whatever their age'),
    maximumAgeDays: z.number().positive().optional().describe('Older ones go, unless another rule protects them'),
  })
  .superRefine((policy, context) => {
    for (const { key, message } of contradictions(policy))
      context.addIssue({ code: 'custom', path: key === undefined ? [] : [key], message, input: undefined });
  })
  .describe('How many recovery points of each tier are kept; absent: none is ever removed');

/** A URL often holds a token: then it is given by reference. */
const address = z.union([z.url(), secretReference]);

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
      .default(200)
      .describe("Files of a new snapshot that are looked up in the repository's bucket"),
    heartbeatUrl: address.optional().describe("A dead man's switch: asked (GET) after each good backup"),
  })
  .prefault({});

export const objectives = z
  .strictObject({
    recoveryPointMinutes: z.number().positive().optional().describe('The newest good recovery point is never older'),
    recoveryTimeMinutes: z.number().positive().optional().describe('A restore takes no longer'),
  })
  .default({});

export const notificationEvents = ['failure', 'recovery', 'stale', 'waiting'] as const;

export const notification = z.strictObject({
  url: address.describe('Receives a JSON document by POST'),
  events: z
    .array(z.enum(notificationEvents))
    .min(1)
    .default([...notificationEvents]),
  headers: z.record(z.string(), z.union([z.string(), secretReference])).default({}),
});

export const metrics = z
  .strictObject({
    statsd: z
      .strictObject({
        host: z.string().min(1),
        port: port.default(8125),
        prefix: name.default('rekindle'),
        dialect: z.enum(['statsd', 'dogstatsd']).default('statsd').describe('dogstatsd: tags and events as well'),
        tags: z.record(z.string(), z.string()).default({}),
      })
      .optional(),
  })
  .default({});
