import { z } from 'zod';
import { hour, name, port, seconds, secretReference, serviceName } from './common.ts';

/** Bytes a second, as Elasticsearch's throttles are written, but counted here. */
export const rate = z
  .string()
  .regex(/^[1-9]\d*(b|kb|mb|gb)$/, 'must be a size a second, for instance 50mb')
  .transform(bytesOf);

const databases = z
  .array(z.string().min(1).max(63))
  .min(1)
  .refine((names) => new Set(names).size === names.length, 'must not name a database twice');

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
    databases: databases.optional().describe('Default: all that allow connections and are no templates'),
    samplesPerTable: z.number().int().min(0).max(1000).default(20),
    throttle: rate.optional().describe('The most that is read in a second; default: no limit'),
    silenceSeconds: seconds
      .default(600)
      .describe('So long may pg_dump send nothing, for instance while it waits for a lock'),
    backupTimeoutSeconds: seconds.default(6 * hour),
    restoreTimeoutSeconds: seconds.default(24 * hour),
  })
  .transform((store) => ({ ...store, service: store.service ?? store.name }));

function bytesOf(text: string): number {
  const [, number = '', unit = 'b'] = /^(\d+)([a-z]+)$/.exec(text) ?? [];
  return Number(number) * (factors[unit] ?? 1);
}

const factors: Record<string, number> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };
