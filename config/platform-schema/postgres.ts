import { z } from 'zod';
import { hour, name, port, seconds, secretReference, serviceName } from './common.ts';
import { databasesOf, optional, samplesPerTable, throttle, withService } from './streamed.ts';

export const postgresStore = z
  .strictObject({
    name,
    kind: z.literal('postgres'),
    service: serviceName.optional().describe("The service of the primary; default: the store's name"),
    port: port.default(5432),
    host: z
      .string()
      .min(1)
      .optional()
      .describe(
        'As the programs in its container reach it: a host, or a folder of sockets; default: as its image has it',
      ),
    username: z.string().min(1).default('postgres').describe('A superuser: roles are backed up with their passwords'),
    password: secretReference.optional().describe('Default: none, the server trusts or knows the user by its socket'),
    databases: databasesOf(z.string().min(1).max(63))
      .optional()
      .describe('Default: all that allow connections and are no templates'),
    samplesPerTable,
    optional,
    throttle,
    silenceSeconds: seconds
      .default(600)
      .describe('So long may pg_dump send nothing, for instance while it waits for a lock'),
    backupTimeoutSeconds: seconds.default(6 * hour),
    restoreTimeoutSeconds: seconds.default(24 * hour),
  })
  .transform((store) => withService(store));
