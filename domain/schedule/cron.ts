import { Failure } from '../failures.ts';
import { cronFields, parseField } from './cron-field.ts';
import { numbersIn, type Calendar, type Recurrence } from './recurrence.ts';

// Temporal parses cron texts itself, with other rules: six fields are a year to it, and a day of the month and one of
// the week must both match. So our text is never passed on.

// A map, because text from the file is looked up in it, "__proto__" included.
const nicknames = new Map(
  Object.entries({
    '@yearly': '0 0 1 1 *',
    '@annually': '0 0 1 1 *',
    '@monthly': '0 0 1 * *',
    '@weekly': '0 0 * * 0',
    '@daily': '0 0 * * *',
    '@midnight': '0 0 * * *',
    '@hourly': '0 * * * *',
  }),
);

const remedy =
  'write five fields (minute, hour, day of the month, month, day of the week), or six with seconds first; or ' +
  `${[...nicknames.keys()].join(', ')}, @every 15m`;

/**
 * A cron expression as crontab(5) reads it. Failure: InvalidArgument, naming the field and the allowed values; in lower
 * case, because it becomes part of a line about the platform file.
 */
export function parseCron(text: string): Recurrence {
  const trimmed = text.trim();
  if (trimmed.startsWith('@every')) return every(trimmed.slice('@every'.length).trim());
  const fields = (nicknames.get(trimmed.toLowerCase()) ?? trimmed).split(/\s+/);
  refuse(fields, trimmed);
  const [second = '', minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] =
    fields.length === 5 ? ['0', ...fields] : fields;
  const days = parseField(dayOfMonth, cronFields.dayOfMonth);
  const weekdays = [...new Set(parseField(dayOfWeek, cronFields.dayOfWeek).map((day) => day % 7))].toSorted(
    (a, b) => a - b,
  );
  const calendar: Calendar = {
    seconds: parseField(second, cronFields.second),
    minutes: parseField(minute, cronFields.minute),
    hours: parseField(hour, cronFields.hour),
    daysOfMonth: days,
    months: parseField(month, cronFields.month),
    daysOfWeek: weekdays,
  };
  // When both are restricted, either is enough: "on the 1st, and on Mondays". A field that begins with * does not
  // restrict: */2 and Monday must both match.
  if (!dayOfMonth.startsWith('*') && !dayOfWeek.startsWith('*'))
    return {
      calendars: [
        { ...calendar, daysOfWeek: everyWeekday },
        { ...calendar, daysOfMonth: everyDay },
      ].filter(happens),
      intervals: [],
    };
  if (!happens(calendar))
    throw new Failure('InvalidArgument', {
      message: `the day of the month is "${dayOfMonth}": no month of "${month}" has such a day`,
      remedy: 'name a day that exists; cron cannot express the last day of each month',
    });
  return { calendars: [calendar], intervals: [] };
}

const everyDay = numbersIn([{ start: 1, end: 31, step: 1 }]);
const everyWeekday = numbersIn([{ start: 0, end: 6, step: 1 }]);

/** Cron dialects that we do not support. */
function refuse(fields: readonly string[], text: string): void {
  if (/^(CRON_)?TZ=/.test(text))
    throw new Failure('InvalidArgument', {
      message: 'the cron expression contains a time zone',
      remedy: 'set timeZone next to cron',
    });
  if (text.startsWith('@') && !nicknames.has(text.toLowerCase()))
    throw new Failure('InvalidArgument', { message: 'the word after "@" is unknown', remedy });
  if (fields.length !== 5 && fields.length !== 6)
    throw new Failure('InvalidArgument', {
      message: `the cron expression has ${text === '' ? 0 : fields.length} fields`,
      remedy,
    });
}

const longestMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function happens({ months, daysOfMonth }: Calendar): boolean {
  return months.some((month) => daysOfMonth.some((day) => day <= (longestMonth[month - 1] ?? 0)));
}

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `15m`, `1h30m`, `90s`, `2d`. */
function every(duration: string): Recurrence {
  const parts = [...duration.matchAll(/(\d{1,7})([smhd])/g)];
  const everySeconds = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (unitSeconds[unit] ?? 0), 0);
  if (everySeconds < 1 || parts.map(([part]) => part).join('') !== duration)
    throw new Failure('InvalidArgument', {
      message: 'the text after @every is not a duration of at least one second',
      remedy: 'write, for instance, @every 15m, @every 1h30m, @every 90s, @every 2d',
    });
  return { calendars: [], intervals: [{ everySeconds, offsetSeconds: 0 }] };
}
