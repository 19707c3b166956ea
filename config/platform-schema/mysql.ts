import { z } from 'zod';
import { hour, name, port, seconds, secretReference, serviceName } from './common.ts';
import { databasesOf, optional, samplesPerTable, throttle, withService } from './streamed.ts';

/** What the server itself keeps in them is restored otherwise, or not at all. */
const serversOwn = ['mysql', 'information_schema', 'performance_schema', 'sys'];

const databases = databasesOf(
  z
    .string()
    .min(1)
    .max(64)
    .refine((database) => !serversOwn.includes(database), {
      error: `must be none of the server's own (${serversOwn.join(', ')}); users are backed up by themselves`,
    }),
);

export const mysqlStore = z
  .strictObject({
    name,
    kind: z.literal('mysql').describe('MySQL or MariaDB'),
    service: serviceName.optional().describe("The service of the primary; default: the store's name"),
    port: port.default(3306).describe('Only with "host"'),
    host: z
      .string()
      .regex(/^(\/[^\r\n\0]+|[\w.:-]+)$/, 'must be a host, or the path of a socket')
      .optional()
      .describe(
        'As the programs in its container reach it: a host, or the path of a socket; default: as its image has it',
      ),
    username: z
      .string()
      .min(1)
      .regex(/^[^\r\n\0]*$/, 'must be one line')
      .default('root')
      .describe('With all privileges: users are backed up with the hashes of their passwords'),
    password: secretReference.optional().describe('Default: none, the server knows the user by its socket'),
    databases: databases.optional().describe("Default: all but the server's own"),
    samplesPerTable,
    optional,
    throttle,
    silenceSeconds: seconds
      .default(600)
      .describe('So long may mysqldump send nothing, for instance while it waits for a lock'),
    backupTimeoutSeconds: seconds.default(6 * hour),
    restoreTimeoutSeconds: seconds.default(24 * hour),
  })
  .transform((store) => withService(store));
