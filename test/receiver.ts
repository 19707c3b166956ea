import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** Of a notification. */
  json: Record<string, unknown>;
}

export interface TestReceiver {
  url: string;
  port: number;
  /** In the order in which they came; also those that were not answered well. */
  received: Received[];
  close(): Promise<void>;
}

/** What a request is answered with; undefined: never. */
export type Answer = { status: number; location?: string } | undefined;

/** A webhook's server on loopback that answers as the test says, and keeps what it was sent. */
export async function startReceiver(
  answer: (received: Received, count: number) => Answer = () => ({ status: 200 }),
): Promise<TestReceiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body, json: parsed(body) };
      received.push(one);
      respond(response, answer(one, received.length));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function respond(response: ServerResponse, answer: Answer): void {
  if (answer === undefined) return;
  response.writeHead(answer.status, answer.location === undefined ? {} : { location: answer.location });
  response.end('ok');
}

function parsed(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return {};
  }
}
