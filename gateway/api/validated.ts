import type { z } from 'zod';
import { Failure } from '../../domain/failures.ts';

/**
 * What was sent, as the schema has it. `place`: for people, where it stands. Failure: InvalidArgument, which names the
 * first field that is wrong, what was sent there, and what may stand there.
 */
export function validated<S extends z.ZodObject>(schema: S | undefined, sent: unknown, place: string): z.infer<S> {
  if (schema === undefined) return {} as z.infer<S>;
  const result = schema.safeParse(sent ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Failure(
    'InvalidArgument',
    textOf(issue as z.core.$ZodIssue, sent, { place, fields: Object.keys(schema.shape) }),
  );
}

function textOf(issue: z.core.$ZodIssue, sent: unknown, { place, fields }: { place: string; fields: string[] }) {
  const known = fields.length === 0 ? 'Send no fields' : `The fields are: ${fields.join(', ')}`;
  if (issue.code === 'unrecognized_keys')
    return { message: `${place} has the unknown field "${issue.keys.join('", "')}"`, remedy: known };
  if (issue.path.length === 0)
    return { message: `${place} is not a JSON object`, remedy: `Send {"…": …}, with content-type application/json` };
  const field = issue.path.join('.');
  const value = valueAt(sent, issue.path);
  if (value === undefined)
    return { message: `${place} lacks the field "${field}"`, remedy: `Send "${field}". ${known}` };
  return {
    message: `${place}: the field "${field}" ${faultOf(issue)}${shown(field, value)}`,
    remedy: issue.code === 'invalid_value' ? `Send one of: ${issue.values.join(', ')}` : `Correct "${field}"`,
  };
}

function faultOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return 'has another value than those it may have';
  if (issue.code === 'too_big') return `is too long or too large: at most ${issue.maximum}`;
  return /^(must|is|cannot)\b/.test(issue.message) ? issue.message : `is not valid: ${issue.message}`;
}

function valueAt(sent: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], sent);
}

/** Never what might be a secret, and not much of anything. */
function shown(field: string, value: unknown): string {
  return field === 'token' ? '' : `: ${JSON.stringify(value).slice(0, 100)}`;
}
