import type { z } from 'zod';
import { nearest } from './nearest.ts';

type Issue = z.core.$ZodIssue;

/**
 * One line per issue: the path as a person writes it, what stands there (a number where one is expected; else its kind, as
 * the value may be a secret that was put in by mistake) and what to write instead.
 */
export function explainIssues(
  issues: readonly Issue[],
  input: unknown,
  knownKeys: ReadonlyMap<string, string[]>,
): string[] {
  return issues.flatMap((issue) => explain(issue, input, knownKeys));
}

function explain(issue: Issue, input: unknown, knownKeys: ReadonlyMap<string, string[]>): string[] {
  const path = writePath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = [...knownKeys].find(([place]) => isAt(place, issue.path))?.[1] ?? [];
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const hint = near === undefined ? `known keys: ${known.join(', ')}` : `did you mean "${near}"?`;
      return `${writePath([...issue.path, key])}: unknown key; ${hint}`;
    });
  }
  const value = valueAt(input, issue.path);
  const meant = issue.code === 'invalid_union' ? branchMeant(issue, value) : undefined;
  if (meant)
    return meant.flatMap((inner) => explain({ ...inner, path: [...issue.path, ...inner.path] }, input, knownKeys));
  const hasOwnSentence = issue.code === 'custom' || (issue.code === 'invalid_type' && issue.expected === 'never');
  if (hasOwnSentence) return [`${path}: ${issue.message}`];
  if (value === undefined) return [`${path}: missing; ${expectation(issue)}`];
  const found = typeof value === 'number' && wantsNumber(issue) ? String(value) : kindOf(value);
  return [`${path}: found ${found}; ${expectation(issue)}`];
}

function wantsNumber(issue: Issue): boolean {
  if (issue.code === 'invalid_type') return issue.expected === 'int' || issue.expected === 'number';
  return (issue.code === 'too_big' || issue.code === 'too_small') && ['number', 'int'].includes(issue.origin);
}

/** What zod says of a union to which the schema gives no sentence. */
const noWords = 'Invalid input';

function expectation(issue: Issue): string {
  if (wantsNumber(issue) && issue.code === 'too_big') return `expected at most ${issue.maximum}`;
  if (wantsNumber(issue) && issue.code === 'too_small')
    return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
  const plain = inOurWords(issue);
  if (plain !== undefined) return plain;
  if (issue.code === 'invalid_type') return `expected ${kindNames[issue.expected] ?? `a ${issue.expected}`}`;
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined && issue.message === noWords)
    return `its "${issue.discriminator}" is none of the known ones`;
  // Of a union without a discriminator: its own sentence, which the schema gives it.
  return issue.message;
}

/** For what zod says of itself where the schema gives no sentence; undefined: it gives one, or zod's will do. */
function inOurWords(issue: Issue): string | undefined {
  if (issue.code === 'too_small' && issue.message.startsWith('Too small: '))
    return issue.origin === 'array'
      ? `expected at least ${issue.minimum} ${issue.minimum === 1 ? 'entry' : 'entries'}`
      : `expected at least ${issue.minimum} ${issue.minimum === 1 ? 'character' : 'characters'}`;
  if (issue.code !== 'invalid_format') return undefined;
  return { 'Invalid URL': 'expected a URL', 'Invalid email address': 'expected an e-mail address' }[issue.message];
}

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

/**
 * What is wrong inside the one choice of a union that fits by its kind; undefined when none or several do, for example a
 * text where there are two kinds of mapping.
 */
function branchMeant({ errors }: UnionIssue, value: unknown): Issue[] | undefined {
  if (value === undefined) return undefined;
  const otherKind = (issue: Issue): boolean =>
    issue.path.length === 0 &&
    (issue.code === 'invalid_type' || (issue.code === 'invalid_union' && branchMeant(issue, value) === undefined));
  const fitting = errors.filter((issues) => !issues.some(otherKind));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function writePath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(the whole file)';
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

/** Whether `knownKeys` means this place: `stores.*` is `stores[3]`, and `hosts.{}` the host of any name. */
function isAt(place: string, path: readonly PropertyKey[]): boolean {
  const parts = place === '' ? [] : place.split('.');
  const fits = (part: string, at: PropertyKey | undefined) =>
    part === '{}' || (typeof at === 'number' ? part === '*' : part === at);
  return parts.length === path.length && parts.every((part, position) => fits(part, path[position]));
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object' ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

/** zod's words for a kind of value, as `kindOf` writes them. */
const kindNames: Record<string, string> = {
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  string: 'a text',
  int: 'a whole number',
};

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}
