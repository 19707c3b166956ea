import { z } from 'zod';
import { name, neverOptional, port, secretReference, services, withServices } from './common.ts';

// A queue in ZooKeeper that is rebuilt from documents. The defaults are kazoo's LockingQueue and Nuvla's rules.

const path = z.string().regex(/^\/.*[^/]$/, 'must start with "/" and not end with it');
const node = z.string().regex(/^[^/]+$/, "must be one node's name, without /");
const field = z.string().min(1);
const values = z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1)], {
  error: 'expected a text, or a list of texts',
});

/** One line for each: scheme, id (which may hold colons), permissions. */
const access = z
  .string()
  .regex(
    /^[a-z0-9]+:.*:[cdrwa]+$/,
    'must be <scheme>:<id>:<permissions>, for instance world:anyone:cdrwa, or auth::cdrwa',
  );

const pattern = z.string().superRefine((text, context) => {
  try {
    // One more alternative that always matches shows how many groups there are.
    if (new RegExp(`${text}|`).exec('')?.length === 2) return;
    context.addIssue({ code: 'custom', message: 'must have exactly one group in round brackets: the priority' });
  } catch {
    context.addIssue({ code: 'custom', message: 'is not a regular expression of JavaScript' });
  }
});

const source = z.strictObject({
  store: name,
  index: z.string().min(1),
  state: z
    .strictObject({
      field: field.default('state'),
      waiting: z.array(z.string().min(1)).min(1).default(['QUEUED']),
      running: z.array(z.string().min(1)).default(['RUNNING']),
    })
    .prefault({})
    .describe('Only documents in one of these states are read'),
  leaveOut: z
    .record(z.string().min(1), z.record(field, values))
    .default({
      'pulled by agents': { 'execution-mode': ['pull'] },
      'running parents of bulk jobs': { state: ['RUNNING'], tags: ['monitor'] },
    })
    .describe('By the name of the rule: documents with one of these values in each of the fields stand in no queue'),
  priority: z
    .array(z.strictObject({ field, pattern: pattern.optional() }))
    .default([{ field: 'priority' }, { field: 'tags', pattern: '/entries/entry-(\\d{3})-\\d+$' }])
    .describe('Where the priority stands: the first that gives a whole number from 0 to 999'),
  order: z.array(field).min(1).default(['created', 'id']).describe('Fields that decide within one priority'),
});

const entry = z
  .strictObject({
    folder: node.default('entries'),
    locks: node.default('taken'),
    name: z
      .string()
      .regex(/^[^/{}]*(\{priority\})?[^/{}]*$/, 'must be a name without /, with {priority} at most once')
      .default('entry-{priority}-')
      .describe("What stands before ZooKeeper's ten digits"),
    value: z.string().min(1).default('{id}').describe('Data of an entry: text with {field} of the document, or {_id}'),
  })
  .refine(({ folder, locks }) => folder !== locks, { path: ['locks'], message: 'must differ from folder' })
  .prefault({});

/** What people will look for, and the client library has not. */
const notWithZookeeper = (what: string) =>
  z
    .never({ error: `Rekindle cannot ${what} (docs/authentication.md#zookeeper)` })
    .optional()
    .describe('Not supported: see docs/authentication.md');

const queue = z.strictObject({
  name,
  kind: z.literal('zookeeper-queue'),
  service: services.describe('Of the server, or a list of the services of the ensemble'),
  port: port.default(2181),
  address: z
    .string()
    .regex(/^[^\s,/]+(,[^\s,/]+)*$/, 'must be host[:port], several with commas; a chroot has a key of its own')
    .optional()
    .describe('Where the worker reaches the servers; default: found through the network'),
  chroot: path.optional().describe('The node below which all paths lie'),
  digest: secretReference.optional().describe('user:password, for nodes that only this user may change'),
  tls: notWithZookeeper('encrypt its connection to ZooKeeper, since the client library has no TLS'),
  sasl: notWithZookeeper('sign in to ZooKeeper by SASL, since the client library has none; use "digest"'),
  acl: z.array(access).min(1).default(['world:anyone:cdrwa']).describe('Access list of what is created'),
  path: path.default('/job'),
  entry,
  from: source,
  running: z
    .enum(['requeue', 'leave', 'fail'])
    .default('requeue')
    .describe('Jobs that ran at the time of the backup: executed again, left alone, or marked with failedFields'),
  failedFields: z
    .record(field, z.union([z.string(), z.number(), z.boolean()]))
    .default({ state: 'FAILED', 'status-message': 'It ran when the platform was lost, and was not started again.' }),
  defaultPriority: z.number().int().min(0).max(999).default(100),
  optional: neverOptional,
});

export const zookeeperQueue = queue.transform(withServices);
