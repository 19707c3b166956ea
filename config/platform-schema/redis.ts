import { z } from 'zod';
import { hour, name, port, seconds, secretReference, serviceName } from './common.ts';
import { hostInside, optional, pathInside, throttle, tlsInside, withService } from './streamed.ts';

/** One name in the data folder. */
const fileName = z.string().regex(/^(?!\.{1,2}$)[^/\0\n]+$/, 'must be one name, without /');

export const redisStore = z
  .strictObject({
    name,
    kind: z.literal('redis'),
    service: serviceName.optional().describe("The service of the primary; default: the store's name"),
    port: port.default(6379),
    host: hostInside.describe('As a program in the container reaches the server'),
    username: z.string().min(1).optional().describe('Default: the user that all are who name none'),
    password: secretReference.optional().describe('Default: none'),
    tls: tlsInside.optional().describe('Paths within the container. Present, even if empty: Redis is spoken to by TLS'),
    dataPath: pathInside.default('/data').describe("The server's setting dir"),
    file: fileName.default('dump.rdb').describe("The server's setting dbfilename"),
    appendFolder: fileName.default('appendonlydir').describe("The server's setting appenddirname"),
    appendFile: fileName.default('appendonly.aof').describe("The server's setting appendfilename"),
    optional,
    throttle,
    silenceSeconds: seconds.default(600).describe('So long may the server send nothing, for instance while it forks'),
    backupTimeoutSeconds: seconds.default(6 * hour),
    restoreTimeoutSeconds: seconds.default(6 * hour),
  })
  .refine(({ username, password }) => username === undefined || password !== undefined, {
    path: ['password'],
    error: '"username" needs "password"',
  })
  .transform((store) => withService(store));
