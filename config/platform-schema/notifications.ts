import { z } from 'zod';
import { address, name, port, textOrSecret } from './common.ts';

// Who is notified, and which figures are sent.

export const notificationEvents = ['failure', 'recovery', 'stale', 'waiting'] as const;

export const notification = z.strictObject({
  url: address.describe('Receives a JSON document by POST'),
  events: z
    .array(z.enum(notificationEvents))
    .min(1)
    .default([...notificationEvents]),
  headers: z.record(z.string(), textOrSecret).default({}),
});

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
