import { z } from 'zod';

// What several kinds of stores are written in that are backed up by streams.

/** Bytes a second, as Elasticsearch's throttles are written, but counted here. */
export const throttle = z
  .string()
  .regex(/^[1-9]\d*(b|kb|mb|gb)$/, 'must be a size a second, for instance 50mb')
  .transform(bytesOf)
  .optional()
  .describe('The most that is read in a second; default: no limit');

export const optional = z
  .boolean()
  .optional()
  .describe('When it cannot be backed up, the recovery point is completed without it, and says so; default: false');

/** Rows per table whose content is compared. */
export const samplesPerTable = z.number().int().min(0).max(1000).default(20);

export const databasesOf = (database: z.ZodString) =>
  z
    .array(database)
    .min(1)
    .refine((names) => new Set(names).size === names.length, 'must not name a database twice');

/** As programs in the store's own containers reach its server. */
export const hostInside = z
  .string()
  .regex(/^[\w.:[\]-]+$/, 'must be a host name or an address')
  .default('127.0.0.1');

/** In the store's own containers, where its programs read it. */
export const pathInside = z
  .string()
  .regex(/^\/[^\0\n]+$/, 'must be an absolute path within the container')
  .transform((path) => path.replace(/\/+$/, ''));

export const tlsInside = z
  .strictObject({
    ca: pathInside.optional().describe("PEM file with the authorities that are trusted; default: the image's own"),
    certificate: pathInside.optional().describe('PEM file with the certificate that is shown to the server'),
    key: pathInside.optional(),
  })
  .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
    error: '"certificate" and "key" belong together',
  });

/** One that names no service has one of its own name. */
export const withService = <T extends { name: string; service?: string | undefined }>(store: T) => ({
  ...store,
  service: store.service ?? store.name,
});

function bytesOf(text: string): number {
  const [, number = '', unit = 'b'] = /^(\d+)([a-z]+)$/.exec(text) ?? [];
  return Number(number) * (factors[unit] ?? 1);
}

const factors: Record<string, number> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };
