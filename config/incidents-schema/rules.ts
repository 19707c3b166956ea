import { z } from 'zod';
import { incidentActions, incidentSources } from '../../domain/incidents/incident.ts';
import type { IncidentRule } from '../../domain/incidents/rules.ts';
import { name } from '../platform-schema/common.ts';

/** `/text/` is a regular expression, everything else is compared as it stands. */
const expected = z.string().superRefine((text, context) => {
  const pattern = patternIn(text);
  if (pattern === undefined) return;
  try {
    RegExp(pattern);
  } catch (error) {
    const [, why = 'it cannot be read'] = /: ([^:]+)$/.exec((error as Error).message) ?? [];
    context.addIssue({ code: 'custom', message: `is no regular expression: ${why}` });
  }
});

const patternIn = (text: string) => /^\/(.+)\/$/s.exec(text)?.[1];

const rule = z
  .strictObject({
    source: z.enum(incidentSources).optional().describe('Absent: of every source'),
    match: z
      .record(z.string().min(1), expected)
      .default({})
      .describe('Labels that an incident must carry: a value, or /a regular expression/ that fits a part of it'),
    platform: z.union([name, z.strictObject({ label: z.string().min(1) })], {
      error: 'expected the name of a platform, or { label: NAME } for the label that holds it',
    }),
    action: z
      .enum(incidentActions)
      .describe('restore is a proposal: a person approves it. backup starts at once; check only looks'),
  })
  .transform(({ match, ...rest }): IncidentRule => ({
    ...rest,
    match: Object.entries(match).map(([label, text]) => {
      const pattern = patternIn(text);
      return { label, value: pattern === undefined ? text : RegExp(pattern) };
    }),
  }));

export const rules = z.array(rule).min(1).describe('The first one that fits an incident counts');
