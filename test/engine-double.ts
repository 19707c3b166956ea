import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import type { Certificate } from './certificates.ts';

export interface EngineDouble {
  /** Path of the socket. */
  socket: string;
  close(): Promise<void>;
}

/** Answers what `ping` asks of a Docker engine, and has no containers. */
export async function startEngineDouble(): Promise<EngineDouble> {
  const folder = await mkdtemp(join(tmpdir(), 'rkt-'));
  const socket = join(folder, 'docker.sock');
  const answer: RequestListener = ({ url = '' }, response) => {
    const json = url.includes('/containers/json')
      ? []
      : url.endsWith('/version')
        ? { Version: '29.1.0', ApiVersion: '1.52' }
        : { ID: 'engine-of-the-test', DockerRootDir: '/var/lib/docker', Name: 'node-2' };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(json));
  };
  const server = createHttpServer(answer).listen(socket);
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    socket,
    async close() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

export interface TlsProxy {
  port: number;
  close(): Promise<void>;
}

/** In front of an engine's socket, as dockerd with --tlsverify: who shows no certificate of `ca` gets no answer. */
export async function startTlsProxy(own: Certificate, ca: string, socket: string): Promise<TlsProxy> {
  const options = { cert: own.certificate, key: own.key, ca, requestCert: true, rejectUnauthorized: true };
  const open = new Set<{ destroy(): void }>();
  const server = createTlsServer({ ...options, allowHalfOpen: true }, (client) => {
    const engine = connect({ path: socket, allowHalfOpen: true });
    for (const [one, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  // Also those that never come to speak TLS.
  server.on('connection', (raw: Socket) => {
    open.add(raw);
    raw.on('close', () => open.delete(raw));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const one of open) one.destroy();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
