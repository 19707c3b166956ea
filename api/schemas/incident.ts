import { z } from 'zod';
import { incidentActions, incidentSources, type IncidentState } from '../../domain/incidents/incident.ts';
import { check, time, verdict, type SchemaOf } from './common.ts';
import { forecast } from './plan.ts';

export const incidentState = z.object({
  id: z.string(),
  platform: z.string(),
  action: z.enum(incidentActions),
  rule: z.string().describe('Its place in the mapping file'),
  phase: z.enum(['open', 'looking', 'proposing', 'working', 'waiting for the incident to end', 'resolved']),
  source: z.enum(incidentSources),
  incident: z.string().describe('What its tool calls it'),
  title: z.string(),
  url: z.string().optional(),
  openedAt: time,
  acknowledgedAt: time.optional(),
  resolvedAt: time.optional(),
  preflight: z
    .object({
      at: time,
      verdict,
      checks: z.array(check),
      recoveryPoint: z.string().optional(),
      forecast: forecast.optional(),
    })
    .optional(),
  run: z
    .object({
      id: z.string(),
      kind: z.enum(['restore', 'backup']),
      phase: z.string(),
      verdict: verdict.optional(),
      approvedBy: z.array(z.string()).optional(),
      other: z.literal(true).optional().describe('It was started for something else'),
    })
    .optional(),
  story: z.array(z.object({ at: time, text: z.string() })),
  told: z.array(z.object({ at: time, to: z.string(), text: z.string(), trouble: z.string().optional() })),
}) satisfies SchemaOf<IncidentState>;
