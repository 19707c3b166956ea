import { z } from 'zod';
import { personOf } from '../domain/access.ts';
import type { Platform } from '../domain/platform.ts';
import { smokeCheckTitle } from '../domain/smoke-checks.ts';
import {
  awsCredentials,
  bucketAccess,
  bucketWriting,
  deletion,
  elasticsearchAuth,
  nodeUrls,
  s3Keys,
  tls,
  trust,
  withUser,
} from './platform-schema/authentication.ts';
import { authenticationFaults } from './platform-schema/authentication-faults.ts';
import { backup, objectives, readiness } from './platform-schema/backup.ts';
import {
  day,
  hour,
  name,
  port,
  secretReference,
  serviceName,
  seconds,
  services,
  shortSeconds,
  size,
  textOrSecret,
  withServices,
} from './platform-schema/common.ts';
import { drill, drillFaults } from './platform-schema/drill.ts';
import { metrics, notification } from './platform-schema/notifications.ts';
import { bareFaults, placementFaults } from './platform-schema/placement.ts';
import { zookeeperQueue } from './platform-schema/queue.ts';
import { smokeCheck } from './platform-schema/smoke.ts';

// The truth about the platform file: docs/platform.schema.json is printed from it, and a test compares the two.

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

const deployment = z
  .discriminatedUnion('kind', [compose, swarm, none])
  .prefault({ kind: 'none' })
  .describe('How the services are deployed; absent: others deploy them, and Rekindle only reaches them by address');

/** A bucket that Rekindle itself reads, and who asks for it. */
const bucketPlace = {
  bucket: z.string().min(3),
  prefix: z.string().default(''),
  endpoint: z.url().optional(),
  region: z.string().default('us-east-1'),
  accessKey: s3Keys.accessKey.optional(),
  secretKey: s3Keys.secretKey.optional(),
  sessionToken: s3Keys.sessionToken,
  credentials: awsCredentials
    .optional()
    .describe('In place of accessKey and secretKey; without either, what the environment gives for AWS'),
  tls: trust.optional(),
};

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
});

const catalogue = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('directory'), path: z.string().min(1) }),
  z.strictObject({
    kind: z.literal('s3'),
    ...bucketPlace,
    deletion: deletion
      .optional()
      .describe('Credentials for deleting, asked for when something is deleted; default: the same'),
    ...bucketWriting,
  }),
]);

export const platformSchema = z
  .strictObject({
    platform: name,
    deployment,
    stores: z.array(z.discriminatedUnion('kind', [elasticsearch, zookeeperQueue, container])).min(1),
    catalogue,
    backup,
    objectives,
    readiness,
    notifications: z.array(notification).default([]),
    metrics,
    restore: z
      .strictObject({
        approval: z.enum(['required', 'none']).default('required'),
        approvers: z.array(z.string().min(1)).default([]).describe('Who may approve; empty: anybody'),
        approvalsNeeded: z.number().int().min(1).max(100).default(1).describe('How many different people must approve'),
        authenticated: z
          .boolean()
          .default(false)
          .describe(
            'Whether only people whom a gateway has authenticated may approve, reject, decide, roll back and release',
          ),
        approvalTimeoutSeconds: seconds.default(24 * hour),
        volumes: z.enum(['quarantine', 'remove']).default('quarantine'),
        requireProvenWithinDays: z
          .number()
          .positive()
          .max(3660)
          .optional()
          .describe('Refuses a restore of a point that no person named when none was proven within so many days'),
        runningBackup: z.enum(['wait', 'cancel']).default('wait').describe('What happens to a backup that runs'),
        quarantineHours: z
          .number()
          .positive()
          .max(366 * 24)
          .default(72)
          .describe('So long after a restore that passed, its quarantine is released by itself'),
        outageSeconds: z
          .number()
          .int()
          .min(1)
          .max(day)
          .default(300)
          .describe('How long a server that went away is waited for'),
      })
      .prefault({}),
    smoke: z.array(smokeCheck).default([]),
    drill,
  })
  .superRefine((file, context) => {
    const deployed = new Set([...file.deployment.data, ...file.deployment.core, ...file.deployment.alsoStop]);
    const { deployment } = file;
    const report = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message, input: undefined });
    if (deployment.kind === 'none') for (const [path, message] of bareFaults(file)) report(path, message);
    const own =
      deployment.kind === 'compose' ? deployment.project : deployment.kind === 'swarm' ? deployment.stack : undefined;
    const called = deployment.kind === 'compose' ? 'project' : 'stack';
    for (const { path, message } of authenticationFaults(file)) report(path, message);
    for (const part of ['data', 'core', 'alsoStop'] as const)
      for (const [position, service] of deployment[part].entries())
        if (own !== undefined && service.startsWith(`${own}/`))
          report(
            ['deployment', part, position],
            `name a service of the platform's own ${called} without it: "${service.slice(own.length + 1)}"`,
          );
        else if (deployment.kind === 'swarm' && own === undefined && service.includes('/'))
          report(
            ['deployment', part, position],
            `without deployment.stack each service has its exact name: "${service.replace('/', '_')}"`,
          );
    for (const [path, message] of placementFaults(file)) report(path, message);
    const users = [...file.deployment.core, ...file.deployment.alsoStop];
    for (const service of Object.keys('uses' in deployment ? (deployment.uses ?? {}) : {}))
      if (!users.includes(service))
        report(['deployment', 'uses', service], `"${service}" is not among deployment.core and deployment.alsoStop`);
    for (const [path, message] of drillFaults(file)) report(['drill', ...path], message);
    file.stores.forEach((store, index) => {
      // With a fault elsewhere in the store, its services are still as the file has them.
      const named = [store.service, 'otherServices' in store ? store.otherServices : []].flat();
      for (const service of new Set(named)) {
        if (deployment.kind !== 'none' && !file.deployment.data.includes(service))
          report(['stores', index, 'service'], `"${service}" is not among deployment.data`);
        if (named.indexOf(service) !== named.lastIndexOf(service))
          report(['stores', index, 'service'], `"${service}" stands in it twice`);
      }
      if (file.stores.findIndex((other) => other.name === store.name) !== index)
        report(['stores', index, 'name'], `"${store.name}" is the name of another store already`);
      if (store.kind === 'zookeeper-queue') {
        const source = file.stores.find((other) => other.name === store.from.store);
        if (source?.kind !== 'elasticsearch')
          report(
            ['stores', index, 'from', 'store'],
            `"${store.from.store}" is not an elasticsearch store of this file`,
          );
        if (store.digest === undefined && store.acl.some((line) => line.startsWith('auth:')))
          report(['stores', index, 'acl'], 'names "auth", which is the user of "digest", and there is no digest');
      }
    });
    const { approval, approvers, approvalsNeeded } = file.restore;
    const people = new Set(approvers.map(personOf)).size;
    if (people > 0 && people < approvalsNeeded)
      report(['restore', 'approvalsNeeded'], `${approvalsNeeded} approvals are needed, but only ${people} may approve`);
    if (approval === 'none' && approvalsNeeded > 1)
      report(['restore', 'approvalsNeeded'], `${approvalsNeeded} approvals are needed, but approval is "none"`);
    file.smoke.forEach((check, index) => {
      if ('service' in check && !deployed.has(check.service))
        report(['smoke', index, 'service'], `"${check.service}" is not a service of deployment`);
      if ('store' in check && !file.stores.some(({ kind, name }) => kind === 'elasticsearch' && name === check.store))
        report(['smoke', index, 'store'], `"${check.store}" is not an elasticsearch store of this file`);
      const title = smokeCheckTitle(check);
      if (file.smoke.findIndex((other) => smokeCheckTitle(other) === title) !== index)
        report(['smoke', index], 'checks what an earlier one checks already');
    });
  }) satisfies z.ZodType<Platform>;

/** The schema for editors; `io: input` because a file may leave out what has a default. */
export function platformJsonSchema(): unknown {
  return z.toJSONSchema(platformSchema, { io: 'input' });
}
