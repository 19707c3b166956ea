import { z } from 'zod';

// What several parts of the platform file are written in.

export const name = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]*$/i,
    'must start with a letter or digit and hold only letters, digits, ".", "_" and "-"',
  );

const minute = 60;
export const hour = 60 * minute;
export const day = 24 * hour;
/** Longer waits are a slip of the pen, and from 25 days on Node's timers go off at once. */
export const seconds = z
  .number()
  .int()
  .min(1)
  .max(14 * day);
/** Of what a person would watch. */
export const shortSeconds = z.number().int().min(1).max(hour);
export const port = z.number().int().min(1).max(65_535);

export const secretReference = z
  .union([z.strictObject({ file: z.string().min(1) }), z.strictObject({ env: z.string().min(1) })], {
    error: 'a reference { file: /path } or { env: NAME } is wanted',
  })
  .describe('A reference to a secret, never the secret: { file: /run/secrets/name } or { env: NAME }');

export const textOrSecret = z.union([z.string(), secretReference], {
  error: 'a text, or a reference { file: /path } or { env: NAME }, is wanted',
});

/** Bytes as Elasticsearch writes them. */
export const size = z
  .string()
  .regex(/^\d+(b|kb|mb|gb)$/, 'must be a size as Elasticsearch writes it, for instance 2gb');
