import { z } from 'zod';

/** What is wrong between the parts of a file, each of which is valid alone: where, and why. */
export type Fault = [path: (string | number)[], message: string];

// What several parts of the platform file are written in.

export const name = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]*$/i,
    'must start with a letter or digit and hold only letters, digits, ".", "_" and "-"',
  );

/** A service of the platform's own Compose project or stack, or `project/service` of another one. */
export const serviceName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)?$/i,
    'must be a service, or project/service for one of another Compose project or stack',
  );

/** Of a store's servers: one service, which may have several containers, or a list where each server is its own. */
export const services = z.union([serviceName, z.array(serviceName).min(1)], {
  error: 'a service, or a list of services, is wanted',
});

/** The first of the services speaks for the store; one that names none has a service of its own name. */
export function withServices<T extends { name: string; service?: string | string[] | undefined }>({
  service,
  ...rest
}: T) {
  const [first = rest.name, ...otherServices] = [service ?? []].flat();
  return { ...rest, service: first, otherServices };
}

const minute = 60;
export const hour = 60 * minute;
export const day = 24 * hour;
/** Longer waits are a typing error, and from 25 days on Node's timers fire at once. */
export const seconds = z
  .number()
  .int()
  .min(1)
  .max(14 * day);
/** For work that a person would watch. */
export const shortSeconds = z.number().int().min(1).max(hour);
export const port = z.number().int().min(1).max(65_535);

export const secretReference = z
  .union([z.strictObject({ file: z.string().min(1) }), z.strictObject({ env: z.string().min(1) })], {
    error: 'expected a reference { file: /path } or { env: NAME }',
  })
  .describe('A reference to a secret, never the secret: { file: /run/secrets/name } or { env: NAME }');

export const textOrSecret = z.union([z.string(), secretReference], {
  error: 'expected a text, or a reference { file: /path } or { env: NAME }',
});

/** Of a store without which a recovery point would be none, or of which it holds nothing. */
export const neverOptional = z
  .never({ error: 'is only for stores whose backups are streams: postgres, mysql, etcd, redis, volume and command' })
  .optional()
  .describe('Not supported: only a store whose backups are streams may be missing from a recovery point');

/** Bytes as Elasticsearch writes them. */
export const size = z
  .string()
  .regex(/^\d+(b|kb|mb|gb)$/, 'must be a size as Elasticsearch writes it, for instance 2gb');

const urlWanted = 'expected a URL, or a reference { file: /path } or { env: NAME } to one';

/** A URL often holds a token: then it is given by reference. */
export const address = z.union([z.url({ error: urlWanted }), secretReference], { error: urlWanted });
