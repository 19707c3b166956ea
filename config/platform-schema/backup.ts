import { z } from 'zod';
import { Failure } from '../../domain/failures.ts';
import type { Timing } from '../../domain/platform.ts';
import { parseCron } from '../../domain/schedule/cron.ts';
import { isTimeZone } from '../../domain/schedule/time-zone.ts';
import { nearest } from '../nearest.ts';
import { day, name, port, secretReference, textOrSecret } from './common.ts';
import { contradictions } from './retention.ts';

// When backups are taken, how long they are kept, and who is notified about them.

const year = 366 * day;
const yearMinutes = year / 60;

const often = {
  timeZone: z.string().min(1).default('UTC').describe('IANA name, for instance Europe/Zurich'),
  jitterSeconds: z
    .number()
    .int()
    .min(0)
    .max(day)
    .default(0)
    .describe('Each start is delayed by a random time up to this'),
  // Temporal takes less than ten for ten.
  catchUpSeconds: z
    .number()
    .int()
    .min(10)
    .max(year)
    .default(day)
    .describe('A start that Temporal missed is made up for when it is not older than this'),
};

const timingObject = z
  .strictObject({
    cron: z.string().min(1).optional().describe('Five fields, or six with seconds first; @daily and the like'),
    everySeconds: z
      .number()
      .int()
      .min(1)
      .max(year)
      .optional()
      .describe('In place of cron: so long from one start to the next'),
    offsetSeconds: z
      .number()
      .int()
      .min(0)
      .max(year)
      .optional()
      .describe('With everySeconds: so long after its multiples'),
    ...often,
  })
  .superRefine(({ cron, everySeconds, offsetSeconds, timeZone }, context) => {
    const report = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if ((cron === undefined) === (everySeconds === undefined)) report([], 'expected either cron or everySeconds');
    if (cron !== undefined) checkCron(cron, (message) => report(['cron'], message));
    if (offsetSeconds !== undefined && everySeconds === undefined)
      report(['offsetSeconds'], 'goes with everySeconds only');
    if (offsetSeconds !== undefined && everySeconds !== undefined && offsetSeconds >= everySeconds)
      report(['offsetSeconds'], `must be less than everySeconds, which is ${everySeconds}`);
    if (!isTimeZone(timeZone)) report(['timeZone'], unknownTimeZone(timeZone));
  });

function checkCron(cron: string, report: (message: string) => void): void {
  try {
    parseCron(cron);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    report(`${error.message}; ${error.remedy}`);
  }
}

/** The name is shown when it looks like one: a secret may stand there by mistake. */
function unknownTimeZone(name: string): string {
  const near = nearest(name, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
  const shown = /^[A-Za-z]+([_/+-][A-Za-z0-9]+)*$/.test(name) && name.length <= 40 ? `"${name}"` : 'what stands there';
  const hint = near === undefined ? 'for instance UTC, Europe/Zurich' : `did you mean "${near}"?`;
  return `${shown} is no time zone of the IANA database; ${hint}`;
}

/** A cron expression alone means the defaults of the rest. */
const timing = z
  .union(
    [z.string().superRefine((cron, context) => checkCron(cron, (message) => context.addIssue(message))), timingObject],
    { error: 'expected a cron expression, or a mapping with cron or everySeconds' },
  )
  .transform((given): Timing => {
    const {
      cron,
      everySeconds = 0,
      offsetSeconds = 0,
      ...rest
    } = timingObject.parse(typeof given === 'string' ? { cron: given } : given);
    return cron === undefined ? { everySeconds, offsetSeconds, ...rest } : { cron, ...rest };
  })
  .describe('A cron expression (five fields, or six with seconds first), or { cron } or { everySeconds } with more');

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

const urlWanted = 'expected a URL, or a reference { file: /path } or { env: NAME } to one';

/** A URL often holds a token: then it is given by reference. */
const address = z.union([z.url({ error: urlWanted }), secretReference], { error: urlWanted });

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
    mayShrinkPercent,
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
  })
  .default({});

export const notificationEvents = ['failure', 'recovery', 'stale', 'waiting'] as const;

export const notification = z.strictObject({
  url: address.describe('Receives a JSON document by POST'),
  events: z
    .array(z.enum(notificationEvents))
    .min(1)
    .default([...notificationEvents]),
  headers: z.record(z.string(), textOrSecret).default({}),
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
