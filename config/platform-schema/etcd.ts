import { z } from 'zod';
import { hour, name, port, seconds, secretReference, services, withServices } from './common.ts';
import { rate } from './postgres.ts';

/** In the store's own containers, where its programs read it. */
export const pathInside = z
  .string()
  .regex(/^\/[^\0\n]+$/, 'must be an absolute path within the container')
  .transform((path) => path.replace(/\/+$/, ''));

export const tlsInside = z
  .strictObject({
    ca: pathInside.optional().describe("PEM file with the authorities that are trusted; default: the image's own"),
    certificate: pathInside.optional().describe('PEM file with the certificate that is shown to the member'),
    key: pathInside.optional(),
  })
  .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
    error: '"certificate" and "key" belong together',
  })
  .describe('Paths within the containers. Present, even if empty: etcd is spoken to by https');

export const etcdStore = z
  .strictObject({
    name,
    kind: z.literal('etcd'),
    service: services
      .optional()
      .describe("Of the member, or a list where each member is a service of its own; default: the store's name"),
    port: port.default(2379).describe('For clients, the same for each member'),
    host: z
      .string()
      .regex(/^[\w.:[\]-]+$/, 'must be a host name or an address')
      .default('127.0.0.1')
      .describe('As a program in the container of a member reaches that member'),
    username: z.string().min(1).optional().describe('With the role root; default: authentication is off'),
    password: secretReference.optional(),
    tls: tlsInside.optional(),
    dataPath: pathInside
      .optional()
      .describe("The data folder in the containers; default: as the server's --data-dir or ETCD_DATA_DIR has it"),
    throttle: rate.optional().describe('The most that is read in a second; default: no limit'),
    silenceSeconds: seconds.default(600).describe('So long may the snapshot send nothing'),
    backupTimeoutSeconds: seconds.default(1 * hour),
    restoreTimeoutSeconds: seconds.default(2 * hour),
  })
  .refine(({ username, password }) => (username === undefined) === (password === undefined), {
    path: ['password'],
    error: '"username" and "password" belong together',
  })
  .transform((store) => withServices(store));
