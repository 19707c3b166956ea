import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse, stringify } from 'yaml';
import type { DemoPlatform } from '../stack/demo-platform.ts';

export interface Receivers {
  counts(): { heartbeats: number; datagrams: number };
  close(): Promise<void>;
}

/** Adds a webhook, a dead man's switch and a StatsD server to the platform file, all of them on loopback. */
export async function addReceivers({ platformFile }: DemoPlatform): Promise<Receivers> {
  const counts = { heartbeats: 0, datagrams: 0 };
  const server = createServer((request, response) => {
    if (request.url === '/heartbeat') counts.heartbeats += 1;
    request.resume();
    response.end('ok');
  }).listen(0, '127.0.0.1');
  const socket = createSocket('udp4', () => (counts.datagrams += 1)).bind(0, '127.0.0.1');
  await Promise.all([once(server, 'listening'), once(socket, 'listening')]);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const file = parse(await readFile(platformFile, 'utf8')) as { backup: object };
  const more = {
    backup: { ...file.backup, heartbeatUrl: `${url}/heartbeat` },
    notifications: [{ url: `${url}/hook` }],
    metrics: { statsd: { host: '127.0.0.1', port: socket.address().port, dialect: 'dogstatsd' } },
  };
  await writeFile(platformFile, stringify({ ...file, ...more }, { aliasDuplicateObjects: false }));
  return {
    counts: () => ({ ...counts }),
    async close() {
      server.closeAllConnections();
      server.close();
      socket.close();
      await Promise.all([once(server, 'close'), once(socket, 'close')]);
    },
  };
}
