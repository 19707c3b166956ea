import { z } from 'zod';
import type { Check } from '../../domain/checks.ts';
import type { FailureKind, FailureText } from '../../domain/failures.ts';
import type { Known } from '../types.ts';

/** A schema of this type that lacks none of its fields, whatever is optional: the two cannot drift apart. */
export type SchemaOf<T> = z.ZodType<T> & { shape: { [Field in keyof Required<T>]: z.ZodType } };

/** A text that the type knows more exactly than clients need to. */
export const textOf = <T extends string>() => z.string() as unknown as z.ZodType<T>;

export const time = z.string().describe('ISO 8601, UTC');
export const seconds = z.number().nonnegative();
export const bytes = z.number().nonnegative();

export const verdict = z.enum(['pass', 'fail', 'inconclusive']);

export const check = z.object({
  name: z.string().describe('Stable, for scripts'),
  verdict,
  evidence: z.string(),
  remedy: z.string(),
  warning: z.literal(true).optional(),
}) satisfies SchemaOf<Check>;

export const failure = z.object({
  kind: z.string().describe('Stable, for scripts; docs/reference/exit-codes-and-failures.md lists them'),
  message: z.string(),
  remedy: z.string(),
}) satisfies SchemaOf<FailureText & { kind: string }>;

const trouble = failure.extend({ kind: textOf<FailureKind>() });

export function known<T>(value: z.ZodType<T>) {
  return z.union([z.object({ value }), z.object({ trouble })]) satisfies z.ZodType<Known<T>>;
}
