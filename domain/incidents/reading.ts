import { Failure } from '../failures.ts';

// Reads what an incident tool sent, which may be anything. Texts are cut to a length and freed of control characters: they
// go through workflows, onto pages and into logs.

export type Json = Record<string, unknown>;

/** Failure: InvalidArgument, with the field and what is expected there. */
export function misread(field: string, expected: string): never {
  throw new Failure('InvalidArgument', {
    message: `The body cannot be used: ${field}: ${expected}`,
    remedy: 'Compare the sender with docs/incidents.md, which shows the expected body',
  });
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Failure: InvalidArgument. */
export function object(value: unknown, field: string): Json {
  return isObject(value) ? value : misread(field, 'expected an object');
}

/** An object where there may be none. */
export const maybeObject = (value: unknown): Json => (isObject(value) ? value : {});

/** Failure: InvalidArgument when it is missing, empty or no text. */
export function text(value: unknown, field: string, most = 300): string {
  return maybeText(value, most) ?? misread(field, 'expected a text');
}

/** Undefined for everything that is no text or number, and for empty texts. */
export function maybeText(value: unknown, most = 300): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const line = String(value)
    .replace(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .trim();
  if (line === '') return undefined;
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

/** Only what a page may link to. */
export function maybeUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 2000 || !URL.canParse(value)) return undefined;
  return /^https?:$/.test(new URL(value).protocol) ? value : undefined;
}

/** In milliseconds since 1970; undefined for what is no time, or none between 1970 and 2200. */
export function maybeTime(value: unknown): number | undefined {
  const time = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return time > 0 && time < Date.UTC(2200, 0) ? time : undefined;
}

const mostLabels = 60;

/** The first 60 that have a name and a value. */
export function labelsOf(...given: Json[]): Record<string, string> {
  const entries = given.flatMap(Object.entries).flatMap(([name, value]) => {
    const label = maybeText(name, 100);
    const shown = maybeText(typeof value === 'boolean' ? String(value) : value);
    return label === undefined || shown === undefined ? [] : [[label, shown] as const];
  });
  return Object.fromEntries(new Map(entries.slice(0, mostLabels)));
}

/** An identity may be long; it must stay whole to be one. Failure: InvalidArgument. */
export function identity(value: unknown, field: string): string {
  if (typeof value !== 'string' && typeof value !== 'number') return misread(field, 'expected a text');
  const found = String(value);
  if (found.trim() === '') return misread(field, 'expected a text that is not empty');
  return found.length <= 4000 ? found : misread(field, 'is longer than 4,000 characters');
}
