import { z } from 'zod';
import { secretReference } from '../platform-schema/common.ts';

// How each tool proves that it is the sender, and how it is answered.

/** Several while a secret is rotated: each of them is accepted. */
const secrets = z
  .union([secretReference, z.array(secretReference).min(1)], {
    error: 'expected a reference { file: /path } or { env: NAME }, or a list of them',
  })
  .transform((given) => [given].flat());

const urlWanted = 'expected a URL, or a reference { file: /path } or { env: NAME } to one';
const httpUrl = (fallback: string) => z.url({ protocol: /^https?$/ }).default(fallback);

const pagerduty = z
  .strictObject({
    keys: z
      .array(secretReference)
      .min(1)
      .describe('Signing secrets of the webhook subscription; while one is rotated, the old and the new one'),
    apiToken: secretReference
      .optional()
      .describe('Of the REST API: what becomes of an incident is added to it as notes'),
    from: z.email().optional().describe('E-mail address of a PagerDuty user: the author of the notes'),
    changeKey: secretReference.optional().describe('Integration key of a service: runs become change events there'),
    apiUrl: httpUrl('https://api.pagerduty.com'),
    eventsUrl: httpUrl('https://events.pagerduty.com'),
  })
  .superRefine(({ apiToken, from }, context) => {
    const report = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (apiToken && from === undefined)
      report('from', 'missing; apiToken needs the e-mail address of a PagerDuty user');
    if (from !== undefined && !apiToken) report('apiToken', 'missing; from goes with it');
  });

const alertmanager = z
  .strictObject({
    bearer: secrets.optional(),
    basic: z.strictObject({ user: z.string().min(1), password: secrets }).optional(),
    mtls: z.literal(true).optional().describe("A client certificate that tls.clientCa of the gateway's file signed"),
  })
  .superRefine(({ bearer, basic, mtls }, context) => {
    const given = [bearer, basic, mtls].filter((way) => way !== undefined).length;
    if (given !== 1)
      context.addIssue({ code: 'custom', path: [], message: 'expected exactly one of bearer, basic and mtls' });
  });

const opsgenie = z.strictObject({
  bearer: secrets,
  apiKey: secretReference.optional().describe('Of the REST API: what becomes of an alert is added to it as notes'),
  apiUrl: httpUrl('https://api.opsgenie.com'),
});

const callback = z.strictObject({
  url: z.union([z.url({ protocol: /^https?$/, error: urlWanted }), secretReference], { error: urlWanted }),
  token: secretReference.optional().describe('Sent as bearer token'),
});

const generic = z.strictObject({
  bearer: secrets,
  callback: callback.optional().describe('Receives what becomes of an incident, as JSON by POST'),
});

export const sources = z
  .strictObject({
    pagerduty: pagerduty.optional(),
    alertmanager: alertmanager.optional(),
    opsgenie: opsgenie.optional(),
    generic: generic.optional(),
  })
  .refine((given) => Object.keys(given).length > 0, {
    error: 'names no source: give at least one of pagerduty, alertmanager, opsgenie and generic',
  });
