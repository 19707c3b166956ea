import { z } from 'zod';
import type { Objectives } from '../../domain/policies.ts';
import type { ChainPlace } from '../../domain/reports/chain.ts';
import { reportFormat, type Deviation, type RunReport } from '../../domain/reports/run-report.ts';
import { time, type SchemaOf } from './common.ts';
import { runProgress } from './run.ts';

const deviation = z.object({
  kind: z.enum(['plan', 'decision', 'step', 'check', 'objective', 'extent']),
  what: z.string(),
  at: time.optional(),
  by: z.string().optional().describe('The person whose word it was'),
}) satisfies SchemaOf<Deviation>;

const chainPlace = z.object({
  report: z.string().describe('SHA-256 of the report as it lies in the catalogue'),
  link: z.string().optional().describe('Its link in the chain, by the SHA-256 of its text'),
  linked: z.string().optional().describe('What the link names, when that is another: the report was changed'),
  previous: z
    .array(z.object({ link: z.string(), run: z.string().optional(), report: z.string().optional() }))
    .describe('The links before it; without run and report where they are gone'),
}) satisfies SchemaOf<ChainPlace>;

const objectives = z.object({
  recoveryPointMinutes: z.number().optional().describe('RPO'),
  recoveryTimeMinutes: z.number().optional().describe('RTO'),
  provenWithinDays: z.number().optional(),
  drilledWithinDays: z.number().optional(),
  skewSeconds: z.number().optional(),
}) satisfies SchemaOf<Objectives>;

export const runReport = runProgress.extend({
  format: z.literal(reportFormat).optional().describe('Absent, as the fields below, in reports of earlier versions'),
  objectives: objectives.optional().describe('What the platform file asked for when the run ended'),
  platformFileHash: z.string().optional().describe('SHA-256 of the platform file by then'),
  manifestHash: z.string().optional().describe("SHA-256 of the recovery point's manifest, which is in its key as well"),
  deviations: z.array(deviation).optional().describe('Where the run did not go as planned; empty: nowhere'),
  writtenBy: z
    .object({ version: z.string(), node: z.string(), host: z.string() })
    .optional()
    .describe('The Rekindle that wrote it'),
  chain: chainPlace.optional().describe('Added when it is read: it is not in the bytes that the chain vouches for'),
}) satisfies SchemaOf<RunReport>;
