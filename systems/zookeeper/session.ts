import { setTimeout as sleep } from 'node:timers/promises';
import library from 'node-zookeeper-client';
import { Failure, failureKinds } from '../../domain/failures.ts';
import type { Watch } from '../../domain/watch.ts';
import { guardClient } from './guard.ts';
import { accessList } from './access-list.ts';
import { session, type ZookeeperSession } from './requests.ts';
import { unreachable } from './zookeeper-failures.ts';

export type { ZookeeperSession } from './requests.ts';

export interface ZookeeperOptions {
  /** `ip:port[,ip:port…]`. */
  hosts: string;
  /** `user:password` of the scheme digest. */
  digest?: string;
  /** Access list of what is created: `<scheme>:<id>:<permissions>`. Default: world:anyone:cdrwa. */
  acl?: readonly string[];
  /** How long opening the session may take, and how long the server may be silent while it owes an answer. */
  timeoutSeconds: number;
  signal?: AbortSignal;
}

const openToAll = ['world:anyone:cdrwa'];
const sessionTimeoutMs = 30_000;
const retryConnectMs = 200;
const attemptSeconds = 5;
const pauseMs = 500;

/** Opens a session. Failure: ZookeeperUnreachable, at the latest after `timeoutSeconds`. Throws the signal's reason. */
export async function connectZookeeper(options: ZookeeperOptions): Promise<ZookeeperSession> {
  const { hosts, digest, acl = openToAll, timeoutSeconds, signal } = options;
  signal?.throwIfAborted();
  const client = library.createClient(hosts, {
    sessionTimeout: sessionTimeoutMs,
    spinDelay: retryConnectMs,
    retries: 0,
  });
  if (digest !== undefined) client.addAuthInfo('digest', Buffer.from(digest));
  const guard = guardClient(client, hosts, timeoutSeconds * 1000);
  const refused = unreachable(hosts, `opened no session within ${timeoutSeconds} s`);
  await new Promise<void>((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', aborted);
      finish();
    };
    const stop = (reason: Error) => {
      guard.end(reason);
      settle(() => reject(reason));
    };
    const limit = setTimeout(() => stop(refused), timeoutSeconds * 1000);
    const aborted = () => stop(signal?.reason instanceof Error ? signal.reason : refused);
    signal?.addEventListener('abort', aborted);
    client.once('connected', () => settle(resolve));
    client.connect();
  });
  guard.opened();
  return session(client, hosts, guard, accessList(acl));
}

/**
 * Waits until ZooKeeper opens a session and answers a request in it, up to `timeoutSeconds`. A container that comes back
 * may have another address: `hosts` as a function is asked before every attempt, and may fail while nothing runs.
 * Progress in seconds waited. Failure: ZookeeperUnreachable, or the last retryable failure of `hosts`.
 */
export async function awaitZookeeper(
  { hosts, timeoutSeconds }: { hosts: string | (() => Promise<string>); timeoutSeconds: number },
  { signal, onProgress }: Watch = {},
): Promise<void> {
  const startedAt = Date.now();
  const waited = () => (Date.now() - startedAt) / 1000;
  let where = 'its address';
  let why = '';
  for (;;) {
    try {
      where = typeof hosts === 'string' ? hosts : await hosts();
      const left = Math.max(0.1, timeoutSeconds - waited());
      await answers({ hosts: where, timeoutSeconds: Math.min(attemptSeconds, left), signal });
      return;
    } catch (error) {
      if (!(error instanceof Failure && failureKinds[error.kind].retryable)) throw error;
      if (waited() + pauseMs / 1000 >= timeoutSeconds) throw timedOut(error, where, timeoutSeconds);
      why = error.kind === 'ZookeeperUnreachable' ? '' : `: ${error.message}. ${error.remedy}`;
    }
    const done = Math.floor(waited());
    onProgress?.({ done, total: timeoutSeconds, unit: 'seconds', note: `waiting for ZooKeeper at ${where}${why}` });
    await sleep(pauseMs, undefined, { signal });
  }
}

function timedOut(last: Failure, where: string, timeoutSeconds: number): Failure {
  if (last.kind !== 'ZookeeperUnreachable') return last;
  return unreachable(where, `opened no session within ${timeoutSeconds} s`, last);
}

async function answers(options: ZookeeperOptions): Promise<void> {
  const opened = await connectZookeeper(options);
  try {
    await opened.children('/');
  } finally {
    await opened.close();
  }
}
