import { Failure } from '../failures.ts';

export interface CronField {
  name: string;
  least: number;
  most: number;
  /** The first is `least`. */
  names?: readonly string[];
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

export const cronFields = {
  second: { name: 'second', least: 0, most: 59 },
  minute: { name: 'minute', least: 0, most: 59 },
  hour: { name: 'hour', least: 0, most: 23 },
  dayOfMonth: { name: 'day of the month', least: 1, most: 31 },
  month: { name: 'month', least: 1, most: 12, names: monthNames },
  // 7 is Sunday, too, so that 5-7 can be written.
  dayOfWeek: { name: 'day of the week', least: 0, most: 7, names: dayNames },
} as const satisfies Record<string, CronField>;

/** The values of one field of a cron expression, sorted. Failure: InvalidArgument, quoting the field. */
export function parseField(text: string, field: CronField): number[] {
  const numbers = text.split(',').flatMap((entry) => parseEntry(entry, text, field));
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

function parseEntry(entry: string, text: string, field: CronField): number[] {
  const { least, most } = field;
  const [, body = '', stepText] = /^([^/]*)(?:\/(.*))?$/s.exec(entry) ?? [];
  const step = stepText === undefined ? 1 : parseStep(stepText, text, field);
  const [from, to, ...rest] = body === '*' ? [String(least), String(most)] : body.split('-');
  if (rest.length > 0) throw fault(field, text, 'a range has one "-"');
  const start = parseValue(from ?? '', text, field);
  // `5/15` is from 5 to the end, `5` is 5 alone.
  const end =
    to === undefined ? (stepText === undefined ? start : most) : endOf(parseValue(to, text, field), to, field);
  if (end < start)
    throw fault(field, text, `a range must go upwards, for instance "${start}-${lastOf(field)},${least}-${end}"`);
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
}

/** `sat-sun`: as the end of a range, Sunday is 7. */
function endOf(value: number, text: string, field: CronField): number {
  return field === cronFields.dayOfWeek && value === 0 && text !== '0' ? 7 : value;
}

const lastOf = (field: CronField) => (field === cronFields.dayOfWeek ? 6 : field.most);

function parseValue(value: string, text: string, field: CronField): number {
  const named = field.names?.indexOf(value.toLowerCase()) ?? -1;
  if (named >= 0) return field.least + named;
  const number = /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= field.least && number <= field.most) return number;
  throw fault(field, text, value === '' ? 'an entry is empty' : `"${short(value)}" is not allowed`);
}

function parseStep(value: string, text: string, field: CronField): number {
  const step = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  const most = lastOf(field) - field.least;
  if (step >= 1 && step <= most) return step;
  // `*/90` among the minutes would mean minute 0 alone, which nobody means that way.
  throw fault(field, text, `a step is a whole number from 1 to ${most}; write longer ones as everySeconds`);
}

function fault(field: CronField, text: string, why: string): Failure {
  const { name, least, most, names } = field;
  const words = names === undefined ? '' : ` or ${names[0] ?? ''} to ${names.at(-1) ?? ''}`;
  return new Failure('InvalidArgument', {
    message: `the ${name} is "${short(text)}": ${why}`,
    remedy: `use ${least} to ${most}${words}, "*", lists (1,15), ranges (1-5) and steps (*/10)`,
  });
}

/** Long enough to find the place. */
const short = (text: string) => (text.length > 24 ? `${text.slice(0, 23)}…` : text);
