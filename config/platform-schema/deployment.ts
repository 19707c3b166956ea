import { z } from 'zod';
import { day, name, secretReference, serviceName, shortSeconds } from './common.ts';

// How the services are deployed, and in which order they are stopped and started.

const rules = {
  host: name.optional().describe('The machine whose engine carries the platform; default: the host of the worker'),
  data: z.array(serviceName).min(1).describe('Services that hold data: stopped last, started first'),
  core: z.array(serviceName).default([]).describe('Services that use the data, in start order; they stop in reverse'),
  alsoStop: z.array(serviceName).default([]).describe('Other clients of the data services'),
  uses: z
    .record(serviceName, z.array(z.string().min(1)).min(1))
    .optional()
    .describe('By service of core or alsoStop: the indices that it uses; "restore --indices" stops it for these alone'),
  volumes: z
    .record(z.string().min(1), z.enum(['data', 'keep']))
    .default({})
    .describe('By volume name or folder on the host: "data" is set aside by a restore, "keep" stays'),
  stopGraceSeconds: shortSeconds.default(30),
  healthTimeoutSeconds: z.number().int().min(1).max(day).default(120),
  settleSeconds: shortSeconds
    .default(2)
    .describe('Without a health check: seconds without a restart that count as healthy'),
};

const compose = z.strictObject({
  kind: z.literal('compose'),
  project: name.describe("The Compose project's name"),
  hosts: z
    .record(serviceName, name)
    .optional()
    .describe('By service: the machine that carries it, where that is another one than "host"'),
  ...rules,
});

const swarm = z.strictObject({
  kind: z.literal('swarm'),
  stack: name.optional().describe("The stack's name; absent: services are named exactly, as db_es"),
  secrets: z
    .record(z.string().min(1), secretReference)
    .default({})
    .describe('Values of Swarm secrets, by name: a restore creates those that are missing'),
  ...rules,
});

const noServices: { data: string[]; core: string[]; alsoStop: string[]; volumes: Record<string, 'data' | 'keep'> } = {
  data: [],
  core: [],
  alsoStop: [],
  volumes: {},
};

/** Also what a file means that has no deployment. */
const none = z
  .strictObject({
    kind: z.literal('none'),
    host: name.optional().describe('The machine whose worker reaches the servers; default: whichever takes the run'),
    healthTimeoutSeconds: rules.healthTimeoutSeconds,
  })
  .transform((given) => ({
    ...given,
    ...noServices,
    stopGraceSeconds: 30,
    settleSeconds: 2,
  }));

export const deployment = z
  .discriminatedUnion('kind', [compose, swarm, none])
  .prefault({ kind: 'none' })
  .describe('How the services are deployed; absent: others deploy them, and Rekindle only reaches them by address');
