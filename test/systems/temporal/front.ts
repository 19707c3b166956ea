import { connect as connectHttp2, constants, createSecureServer, type OutgoingHttpHeaders } from 'node:http2';
import { connect, type AddressInfo, type Server } from 'node:net';
import { createServer } from 'node:tls';
import type { Authority, Certificate } from '../../certificates.ts';

/** What stands in front of a Temporal that knows neither TLS nor keys, as a company's proxy does. */
export interface Front {
  address: string;
  close(): Promise<void>;
}

/** Takes only those with a certificate of that authority. */
export async function mutualTls(temporal: string, own: Certificate, clients: Authority): Promise<Front> {
  const server = createServer(
    {
      cert: own.certificate,
      key: own.key,
      ca: clients.certificate,
      requestCert: true,
      rejectUnauthorized: true,
      ALPNProtocols: ['h2'],
    },
    (socket) => {
      const upstream = connect(portOf(temporal), '127.0.0.1');
      socket.on('error', () => upstream.destroy()).pipe(upstream);
      upstream.on('error', () => socket.destroy()).pipe(socket);
    },
  );
  return listening(server);
}

export interface KeyedFront extends Front {
  /** The keys that were sent, in their order. */
  seen: Set<string>;
  /** Takes this one from now on, and no other. */
  take(key: string): void;
}

/**
 * Takes only requests with that API key, over TLS; as Temporal Cloud, it lets nobody use the operator's service. Other
 * refusals have the code that real servers answer with: UNAUTHENTICATED, PERMISSION_DENIED.
 */
export async function keyed(temporal: string, own: Certificate, first: string): Promise<KeyedFront> {
  let taken = first;
  const seen = new Set<string>();
  const upstream = connectHttp2(`http://${temporal}`);
  upstream.on('error', () => undefined);
  const server = createSecureServer({ cert: own.certificate, key: own.key });
  server.on('stream', (stream, headers) => {
    const [, key = ''] = /^Bearer (.*)$/.exec(headers.authorization ?? '') ?? [];
    seen.add(key);
    const refusal = refusalOf(key === taken, headers[':path'] ?? '');
    if (refusal) {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...refusal }, { endStream: true });
      return;
    }
    const { ':path': path, ':method': method, ...others } = headers;
    const passed = Object.entries(others).filter(([name]) => !name.startsWith(':') && name !== 'authorization');
    const request = upstream.request({ ':path': path, ':method': method, ...Object.fromEntries(passed) });
    let trailers: OutgoingHttpHeaders = {};
    request.on('trailers', (given: OutgoingHttpHeaders) => {
      trailers = given;
    });
    request.on('response', (answer, flags) => {
      const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      if (!stream.destroyed) stream.respond(answer, endStream ? { endStream } : { waitForTrailers: true });
    });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.on('error', () => request.close());
    request.on('error', () => stream.close());
    stream.pipe(request).pipe(stream);
  });
  const front = await listening(server);
  return {
    ...front,
    seen,
    take: (key) => (taken = key),
    close: async () => {
      upstream.destroy();
      await front.close();
    },
  };
}

function refusalOf(known: boolean, path: string) {
  if (!known) return { 'grpc-status': 16, 'grpc-message': 'Request unauthenticated.' };
  if (path.includes('OperatorService')) return { 'grpc-status': 7, 'grpc-message': 'Request unauthorized.' };
  return undefined;
}

const portOf = (address: string) => Number(address.split(':').at(-1));

async function listening(server: Server): Promise<Front> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
