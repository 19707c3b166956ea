import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { setTimeout as pause } from 'node:timers/promises';

const longestMs = 2000;

/**
 * Sends datagrams and waits for nobody: UDP has no receipts. Answers with why they could not be sent (a host name without
 * address, no route), undefined when they went out. Never throws, and takes 2 s at most.
 */
export async function sendDatagrams(
  { host, port }: { host: string; port: number },
  datagrams: readonly string[],
): Promise<string | undefined> {
  const limit = new AbortController();
  try {
    return await Promise.race([
      sendAll(host, port, datagrams),
      pause(longestMs, `no way to ${host}:${port} within ${longestMs / 1000} s`, { signal: limit.signal }),
    ]);
  } catch (error) {
    return `${host}:${port} cannot be sent to (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`;
  } finally {
    limit.abort();
  }
}

async function sendAll(host: string, port: number, datagrams: readonly string[]): Promise<undefined> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  try {
    await Promise.all(
      datagrams.map(
        (datagram) =>
          new Promise<void>((resolve, reject) => {
            socket.once('error', reject);
            socket.send(datagram, port, address, (error) => (error ? reject(error) : resolve()));
          }),
      ),
    );
  } finally {
    socket.close();
  }
}
