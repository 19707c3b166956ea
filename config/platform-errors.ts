import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * One line per issue: the path as a person writes it, what stands there (its kind, not its value, which may be a
 * secret that was put in by mistake) and what to write instead.
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
    const known = knownKeys.get(patternOf(issue.path)) ?? [];
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const hint = near === undefined ? `known keys: ${known.join(', ')}` : `did you mean "${near}"?`;
      return `${writePath([...issue.path, key])}: unknown key; ${hint}`;
    });
  }
  const value = valueAt(input, issue.path);
  if (issue.code === 'custom') return [`${path}: ${issue.message}`];
  if (value === undefined) return [`${path}: missing; ${expectation(issue)}`];
  return [`${path}: found ${kindOf(value)}; ${expectation(issue)}`];
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type') return `${kindNames[issue.expected] ?? `a ${issue.expected}`} is wanted`;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')} is wanted`;
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined)
    return `its "${issue.discriminator}" is none of the known ones`;
  if (issue.code === 'invalid_union') return 'a reference { file: /path } or { env: NAME } is wanted';
  return issue.message;
}

function writePath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(the whole file)';
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

/** `stores.*` for `stores[3]`: how `knownKeys` names the place. */
function patternOf(path: readonly PropertyKey[]): string {
  return path.map((part) => (typeof part === 'number' ? '*' : String(part))).join('.');
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

/** The known key that is fewest edits away, when it is near enough to be a slip of the pen. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const scored = known.map((key) => ({ key, distance: editDistance(word.toLowerCase(), key.toLowerCase()) }));
  const best = scored.toSorted((a, b) => a.distance - b.distance)[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.key : undefined;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
