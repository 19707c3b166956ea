import { z } from 'zod';
import { Failure } from '../../domain/failures.ts';
import type { Timing } from '../../domain/platform.ts';
import { parseCron } from '../../domain/schedule/cron.ts';
import { isTimeZone } from '../../domain/schedule/time-zone.ts';
import { nearest } from '../nearest.ts';
import { day } from './common.ts';

// When something is started repeatedly.

const year = 366 * day;

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
    spread: z
      .boolean()
      .optional()
      .describe('With everySeconds, in place of offsetSeconds: keeps platforms that share a repository apart'),
    ...often,
  })
  .superRefine(({ cron, everySeconds, offsetSeconds, spread, timeZone }, context) => {
    const report = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if ((cron === undefined) === (everySeconds === undefined)) report([], 'expected either cron or everySeconds');
    if (cron !== undefined) checkCron(cron, (message) => report(['cron'], message));
    if (offsetSeconds !== undefined && everySeconds === undefined)
      report(['offsetSeconds'], 'goes with everySeconds only');
    if (offsetSeconds !== undefined && everySeconds !== undefined && offsetSeconds >= everySeconds)
      report(['offsetSeconds'], `must be less than everySeconds, which is ${everySeconds}`);
    if (spread === true && everySeconds === undefined) report(['spread'], 'goes with everySeconds only');
    if (spread === true && offsetSeconds !== undefined) report(['spread'], 'takes the place of offsetSeconds');
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
export const timing = z
  .union(
    [z.string().superRefine((cron, context) => checkCron(cron, (message) => context.addIssue(message))), timingObject],
    { error: 'expected a cron expression, or a mapping with cron or everySeconds' },
  )
  .transform((given): Timing => {
    const {
      cron,
      everySeconds = 0,
      offsetSeconds = 0,
      spread,
      ...rest
    } = timingObject.parse(typeof given === 'string' ? { cron: given } : given);
    if (cron !== undefined) return { cron, ...rest };
    return { everySeconds, offsetSeconds, ...(spread === true && { spread }), ...rest };
  })
  .describe('A cron expression (five fields, or six with seconds first), or { cron } or { everySeconds } with more');
