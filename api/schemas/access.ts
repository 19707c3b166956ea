import { z } from 'zod';
import { roles, type Caller } from '../../domain/access.ts';
import type { AuditEntry, Session } from '../types.ts';
import { time, type SchemaOf } from './common.ts';

export const caller = z.object({
  name: z.string(),
  role: z.enum(roles),
  method: z.enum(['token', 'oidc', 'proxy', 'none']),
}) satisfies SchemaOf<Caller>;

export const session = z.object({
  caller: caller.optional().describe('Absent: not logged in'),
  logins: z.array(z.enum(['token', 'oidc', 'proxy'])).describe('Empty: access control is off'),
  version: z.string(),
  temporalUi: z.string().optional(),
  warnings: z
    .array(z.object({ message: z.string(), remedy: z.string() }))
    .optional()
    .describe('What is wrong with the gateway itself'),
}) satisfies SchemaOf<Session>;

export const auditEntry = z.object({
  number: z.number(),
  at: time,
  caller,
  action: z.string(),
  subject: z.string(),
  outcome: z.enum(['done', 'refused', 'failed']),
  text: z.string().optional(),
  hash: z.string().describe('SHA-256 over this entry and the hash of the one before it'),
}) satisfies SchemaOf<AuditEntry>;
