import { z } from 'zod';
import { bucketAccess, elasticsearchAuth, nodeUrls, tls, withUser } from './authentication.ts';
import { bucketPlace } from './catalogue.ts';
import { commandStore } from './command.ts';
import {
  hour,
  name,
  neverOptional,
  port,
  seconds,
  secretReference,
  serviceName,
  services,
  size,
  textOrSecret,
  withServices,
} from './common.ts';
import { etcdStore } from './etcd.ts';
import { mysqlStore } from './mysql.ts';
import { postgresStore } from './postgres.ts';
import { zookeeperQueue } from './queue.ts';
import { redisStore } from './redis.ts';
import { volumeStore } from './volume.ts';

// What the platform keeps its data in, and what is derived from it.

const elasticsearchStore = z.strictObject({
  name,
  kind: z.literal('elasticsearch'),
  service: services
    .optional()
    .describe("Of the node, or a list where each node is a service of its own; default: the store's name"),
  port: port.default(9200),
  scheme: z.enum(['http', 'https']).default('http'),
  address: z.string().min(1).optional().describe('Where the worker reaches it; default: found through the network'),
  nodes: nodeUrls.optional().describe('The same for several nodes, as URLs: one that is down is passed over'),
  indices: z.array(z.string().min(1)).min(1).default(['*']),
  repository: z.strictObject({
    name,
    type: z.string().min(1),
    settings: z.record(z.string(), z.coerce.string()).default({}),
  }),
  healFrom: z
    .array(z.strictObject(bucketPlace))
    .max(10)
    .optional()
    .describe('Buckets that damaged files of the repository may be put back from: another repository, or a copy'),
  secrets: z.record(z.string(), secretReference).default({}).describe('Keystore entries that every node must hold'),
  username: z.string().optional(),
  password: secretReference.optional(),
  auth: elasticsearchAuth.optional().describe('How Rekindle authenticates; default: username and password, or nothing'),
  tls: tls.optional().describe('Which certificates are trusted, and which one is shown'),
  bucketAccess: bucketAccess
    .optional()
    .describe("How Rekindle itself reads the repository's bucket; default: the store's secrets, or the environment"),
  snapshotTimeoutSeconds: seconds.default(6 * hour),
  restoreTimeoutSeconds: seconds.default(24 * hour),
  restoreThrottle: size.default('2gb').describe('indices.recovery.max_bytes_per_sec while a restore runs'),
  snapshotThrottle: size
    .optional()
    .describe("The repository's max_snapshot_bytes_per_sec; absent: as its settings, or Elasticsearch, have it"),
  featureStates: z
    .union([z.enum(['all', 'none']), z.array(z.string().min(1)).min(1)])
    .default('all')
    .describe(
      "Elasticsearch's own indices (users, roles, dashboards) in backup and restore, by the names of its features",
    ),
  samplesPerIndex: z.number().int().min(0).max(1000).default(20),
  optional: neverOptional,
});

const elasticsearch = elasticsearchStore
  .refine(({ auth, username }) => auth === undefined || username === undefined, {
    path: ['auth'],
    error: 'name either "auth" or "username" and "password", not both',
  })
  .transform((store) => withUser(withServices(store)));

const container = z.strictObject({
  name,
  kind: z.literal('container'),
  service: serviceName,
  image: z.string().min(1),
  entrypoint: z.array(z.string()).optional(),
  arguments: z.array(z.string()).default([]),
  environment: z.record(z.string(), textOrSecret).default({}),
  timeoutSeconds: seconds.default(3600),
  optional: neverOptional,
});

export const stores = z
  .array(
    z.discriminatedUnion('kind', [
      elasticsearch,
      postgresStore,
      mysqlStore,
      etcdStore,
      redisStore,
      volumeStore,
      commandStore,
      zookeeperQueue,
      container,
    ]),
  )
  .min(1);
