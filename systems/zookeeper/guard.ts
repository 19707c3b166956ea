import type { Client } from 'node-zookeeper-client';
import { frameReader } from './frames.ts';
import { takesReply } from './multi-read.ts';
import { unreachable } from './zookeeper-failures.ts';

const closeMs = 2000;

export interface ClientGuard {
  /** To be called once connected: from now on a lost connection ends the session. */
  opened(): void;
  /** Runs one request; fails when the session ends before its answer. */
  call<T>(start: (resolve: (value: T) => void, reject: (error: Error) => void) => void): Promise<T>;
  /** Ends the session at once; all that is owed an answer fails with `reason`. */
  end(reason: Error): void;
  /** Says goodbye to the server, then ends. */
  close(): Promise<void>;
}

/**
 * Makes the library safe to live with: it reconnects for ever with half an answer in its buffer, keeps requests that it
 * could not send, waits without limit for a server that is silent, throws out of a socket's event on an error code
 * it does not know, and cannot be closed before it is connected. Here all of that ends the session, once.
 */
export function guardClient(client: Client, hosts: string, silenceMs: number): ClientGuard {
  const manager = client.connectionManager;
  const owed = new Set<(reason: Error) => void>();
  let ended: Error | undefined;
  let heardAt = Date.now();
  let watchdog: NodeJS.Timeout | undefined;

  const end = (reason: Error) => {
    if (ended) return;
    ended = reason;
    clearInterval(watchdog);
    clearTimeout(manager.connectTimeoutHandler ?? undefined);
    manager.socket?.destroy();
    for (const reject of owed) reject(reason);
    owed.clear();
  };

  /** What is asked in one turn of the event loop leaves in one write: a system call for each took most of the time. */
  const gather = () => {
    const { socket } = manager;
    if (!socket || socket.writableCorked > 0) return;
    socket.cork();
    setImmediate(() => socket.uncork());
  };

  const connect = manager.connect.bind(manager);
  const findNextServer = manager.findNextServer.bind(manager);
  const onSocketData = manager.onSocketData.bind(manager);
  let read: ReturnType<typeof frameReader>;
  manager.connect = () => {
    read = frameReader((frame) => {
      if (!takesReply(manager, frame)) onSocketData(frame);
    });
    if (!ended) connect();
  };
  manager.findNextServer = (use) => findNextServer((server) => ended ?? use(server));
  manager.onSocketData = (chunk) => {
    if (ended) return;
    heardAt = Date.now();
    try {
      read(chunk);
    } catch (error) {
      end(unreachable(hosts, 'gave an answer that is not understood', error));
    }
  };

  return {
    end,
    opened() {
      for (const event of ['disconnected', 'expired', 'authenticationFailed'])
        client.once(event, () => end(unreachable(hosts, 'went away')));
      const silent = () => owed.size > 0 && Date.now() - heardAt > silenceMs;
      watchdog = setInterval(
        () => silent() && end(unreachable(hosts, `gave no answer for ${silenceMs / 1000} s`)),
        Math.min(1000, silenceMs / 2),
      );
    },
    call: (start) =>
      new Promise((resolve, reject) => {
        if (ended) {
          reject(ended);
          return;
        }
        if (owed.size === 0) heardAt = Date.now();
        owed.add(reject);
        gather();
        start(
          (value) => {
            owed.delete(reject);
            resolve(value);
          },
          (error) => {
            owed.delete(reject);
            reject(error);
          },
        );
      }),
    async close() {
      if (ended) return;
      const closed = new Promise((resolve) => manager.socket?.once('close', resolve));
      client.close();
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, closeMs).unref())]);
      end(unreachable(hosts, 'was closed'));
    },
  };
}
