import { z } from 'zod';
import { name, port, serviceName, shortSeconds, textOrSecret } from './common.ts';

// What must hold before a run may call the platform healthy.

const timeoutSeconds = shortSeconds.default(30).describe('How long it is asked again, until it holds');
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const inOrder = {
  check: ({ atLeast, atMost }: { atLeast?: number | undefined; atMost?: number | undefined }) =>
    atLeast === undefined || atMost === undefined || atLeast <= atMost,
  because: { path: ['atMost'], error: 'is less than "atLeast"' },
};

const jsonExpectation = z
  .strictObject({
    pointer: z
      .string()
      .regex(/^(\/([^~/]|~0|~1)*)*$/, 'must be a JSON Pointer such as /components/0/status')
      .describe('JSON Pointer (RFC 6901); with nothing else, something must be there'),
    equals: z.union([z.string(), z.number().max(1e8), z.boolean(), z.null()]).optional(),
    atLeast: z.number().max(1e8).optional(),
    atMost: z.number().max(1e8).optional(),
  })
  .refine(({ equals, atLeast, atMost }) => equals === undefined || (atLeast === undefined && atMost === undefined), {
    path: ['equals'],
    error: 'cannot be given together with "atLeast" or "atMost"',
  })
  .refine(inOrder.check, inOrder.because);

/** The first kind is that of checks which name none. */
export const smokeCheck = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('http').optional(),
      service: serviceName,
      port,
      path: z.string().startsWith('/'),
      headers: z.record(z.string(), textOrSecret).default({}),
      expectStatus: z.number().int().min(100).max(599).default(200),
      expectJson: z.array(jsonExpectation).max(50).default([]).describe('Values of the answer, all of which must hold'),
      timeoutSeconds,
    }),
    z.strictObject({ kind: z.literal('tcp'), service: serviceName, port, timeoutSeconds }),
    z.strictObject({
      kind: z.literal('command'),
      service: serviceName.describe('In one of its containers, as the user of its image'),
      command: z.array(z.string()).min(1).describe('The program and its arguments; no shell unless you name one'),
      expectExitCode: z.number().int().min(0).max(255).default(0),
      expectOutput: z.string().min(1).optional().describe('Text that its standard output must hold'),
      timeoutSeconds,
    }),
    z
      .strictObject({
        kind: z.literal('query'),
        store: name.describe('An elasticsearch store of this file'),
        index: z.string().min(1).describe('An index, an alias or a pattern'),
        query: z.record(z.string(), z.unknown()).optional().describe("As Elasticsearch's query; absent: all documents"),
        atLeast: count.max(1e8).optional(),
        atMost: count.max(1e8).optional(),
        timeoutSeconds,
      })
      .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, {
        path: ['atLeast'],
        error: 'missing; say with "atLeast" or "atMost" how many documents are right',
      })
      .refine(inOrder.check, inOrder.because),
  ],
  { error: 'expected one of http, tcp, command, query' },
);
