import { z } from 'zod';
import { address, name, port, secretReference, textOrSecret } from './common.ts';

// Who is notified, and which figures are sent.

export const notificationEvents = ['failure', 'recovery', 'stale', 'waiting', 'readiness'] as const;

const events = z
  .array(z.enum(notificationEvents))
  .min(1)
  .default([...notificationEvents]);

const mailAddress = z.email({ error: 'expected an address such as oncall@example.org, without a name' });

const mailServer = z
  .strictObject({
    host: z.string().min(1),
    port: port.optional().describe('Default: 587 for starttls, 465 for implicit, 25 for none'),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .default('starttls')
      .describe('starttls: encrypted or not at all, after a plain greeting; implicit: from the first byte'),
    caFile: z.string().min(1).optional().describe("PEM file of the authority that signed the server's certificate"),
    user: textOrSecret.optional(),
    password: secretReference.optional(),
  })
  .superRefine(({ tls, user, password }, context) => {
    const report = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
    if (user !== undefined && password === undefined) report('password', 'missing; "user" logs in with it');
    if (user === undefined && password !== undefined) report('user', 'missing; "password" is whose?');
    if (tls === 'none' && password !== undefined)
      report('tls', 'is "none", which would send the password in the clear; write starttls or implicit');
  });

/** The first kind is that of receivers which name none. */
export const notification = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('webhook').optional(),
      url: address.describe('Receives a JSON document by POST'),
      events,
      headers: z.record(z.string(), textOrSecret).default({}),
    }),
    z.strictObject({
      kind: z.enum(['slack', 'teams']),
      url: address.describe('The incoming webhook of the room, Mattermost and Rocket.Chat included'),
      events,
    }),
    z.strictObject({
      kind: z.literal('email'),
      server: mailServer,
      from: mailAddress,
      to: z.array(mailAddress).min(1).max(50),
      events,
    }),
    z.strictObject({
      kind: z.literal('pagerduty'),
      routingKey: secretReference,
      url: address.default('https://events.pagerduty.com/v2/enqueue').describe('Events API v2; in the EU another host'),
      events,
    }),
  ],
  { error: 'expected one of webhook, slack, teams, email, pagerduty' },
);

export const metrics = z
  .strictObject({
    statsd: z
      .strictObject({
        host: z.string().min(1),
        port: port.default(8125),
        prefix: name.default('rekindle'),
        dialect: z.enum(['statsd', 'dogstatsd']).default('statsd').describe('dogstatsd: tags and events as well'),
        tags: z.record(z.string(), z.string()).default({}),
      })
      .optional(),
  })
  .default({});
