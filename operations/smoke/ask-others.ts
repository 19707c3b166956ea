import { connect } from 'node:net';
import { Failure } from '../../domain/failures.ts';
import {
  judgeCommand,
  judgeCount,
  type CommandCheck,
  type Finding,
  type QueryCheck,
  type TcpCheck,
} from '../../domain/smoke-checks.ts';
import { withDeadline } from '../../systems/deadline.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withElasticsearchNamed } from '../stores/with-elasticsearch.ts';

/** Failure: those of reaching the service. */
export async function askTcp(
  open: OpenPlatform,
  check: TcpCheck,
  withinMs: number,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const { host, port } = await open.reachService(check.service, check.port);
  return withDeadline(
    withinMs,
    signal,
    (limited) =>
      new Promise<Finding>((resolve, reject) => {
        const socket = connect({ host, port });
        const end = (settle: () => void) => {
          socket.destroy();
          settle();
        };
        socket.once('connect', () => end(() => resolve({ holds: true, found: 'takes connections' })));
        socket.once('error', (error) => end(() => reject(error)));
        limited.addEventListener('abort', () => end(() => reject(limited.reason as Error)), { once: true });
      }),
  );
}

/** Failure: ServiceNotFound when no container of the service runs. */
export async function askCommand(
  open: OpenPlatform,
  check: CommandCheck,
  withinMs: number,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const running = (await open.containersOf(check.service)).find((container) => container.running);
  if (running === undefined)
    throw new Failure('ServiceNotFound', {
      message: `No container of ${check.service} runs`,
      remedy: `Find out with "docker ps --all" why ${check.service} ended, then retry the step`,
    });
  return withDeadline(withinMs, signal, async (limited) => {
    const { exitCode, stdout } = await open.docker.exec(running.name, check.command, { signal: limited });
    return judgeCommand(check, exitCode, stdout);
  });
}

/** Failures: those of Elasticsearch. */
export async function askQuery(open: OpenPlatform, check: QueryCheck, withinMs: number): Promise<Finding> {
  const { store, index, query } = check;
  const count = await withElasticsearchNamed(open, store, async (client) => {
    const request = { index, ...(query !== undefined && { query }), allow_no_indices: false };
    return (await client.count(request, { requestTimeout: withinMs, maxRetries: 0 })).count;
  });
  return judgeCount(check, count);
}
