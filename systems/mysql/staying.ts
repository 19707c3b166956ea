import { Readable } from 'node:stream';
import { Failure } from '../../domain/failures.ts';
import type { MysqlAccess } from './access.ts';
import type { Ask } from './observe.ts';

/** Images make their databases with a server that nobody reaches over the network; the one that stays is the first process. */
const firstProcess = { command: ['cat', '/proc/1/comm'], what: 'Reading what the container runs' };

/**
 * Returns when the server answers that goes on to answer, and not the one by which an image makes its databases. Failures:
 * ServiceUnhealthy; ServiceNotFound, ContainerFailed.
 */
export async function demandStaying({ container }: MysqlAccess, ask: Ask, signal?: AbortSignal): Promise<void> {
  const sql = "select json_object('alone', if(@@skip_networking, 1, 0));";
  const [found] = await ask<{ alone: number }>(sql, 'Asking the server whether it is reached');
  if (found?.alone !== 1) return;
  const program = await container.feed(firstProcess, Readable.from([]), { ...(signal && { signal }) });
  if (/^(mysqld|mariadbd)\b/.test(program)) return;
  throw new Failure('ServiceUnhealthy', {
    message: `The server in the container ${container.name} is the one that makes its first databases`,
    remedy: 'Wait until the image has started for good; the log of the container says how far it is',
  });
}
