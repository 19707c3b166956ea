import { z } from 'zod';
import { hour, name, port, seconds, secretReference, services, withServices } from './common.ts';
import { hostInside, optional, pathInside, throttle, tlsInside } from './streamed.ts';

export const etcdStore = z
  .strictObject({
    name,
    kind: z.literal('etcd'),
    service: services
      .optional()
      .describe("Of the member, or a list where each member is a service of its own; default: the store's name"),
    port: port.default(2379).describe('For clients, the same for each member'),
    host: hostInside.describe('As a program in the container of a member reaches that member'),
    username: z.string().min(1).optional().describe('With the role root; default: authentication is off'),
    password: secretReference.optional(),
    tls: tlsInside
      .optional()
      .describe('Paths within the containers. Present, even if empty: etcd is spoken to by https'),
    dataPath: pathInside
      .optional()
      .describe("The data folder in the containers; default: as the server's --data-dir or ETCD_DATA_DIR has it"),
    optional,
    throttle,
    silenceSeconds: seconds.default(600).describe('So long may the snapshot send nothing'),
    backupTimeoutSeconds: seconds.default(1 * hour),
    restoreTimeoutSeconds: seconds.default(2 * hour),
  })
  .refine(({ username, password }) => (username === undefined) === (password === undefined), {
    path: ['password'],
    error: '"username" and "password" belong together',
  })
  .transform((store) => withServices(store));
