import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectElasticsearch, type Client } from '../systems/elasticsearch/client.ts';
import type { AtEnd } from './at-end.ts';

export interface FakeRequest {
  method: string;
  /** Decoded, without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: unknown;
}

/** `error` becomes an answer as Elasticsearch gives it; text is sent as it stands. `cut off`: the connection ends. */
export type FakeAnswer =
  | 'cut off'
  | { body: unknown }
  | { status: number; error: { type: string; reason: string; additional_unsuccessful_credentials?: string } };

export interface FakeElasticsearch {
  client: Client;
  url: URL;
  /** All that was asked, in its order. */
  asked: FakeRequest[];
}

/**
 * A server on loopback that answers as Elasticsearch would: for what the Elasticsearch of the tests does not have (data
 * streams, native users) or what it answers but rarely. A request that the test does not know fails, and names itself.
 * `labelled: false`: without the header by which Elasticsearch is known.
 */
export async function fakeElasticsearch(
  answer: (request: FakeRequest) => FakeAnswer | undefined,
  atEnd: AtEnd,
  { labelled = true } = {},
): Promise<FakeElasticsearch> {
  const asked: FakeRequest[] = [];
  const server = createServer((incoming, response) => {
    let text = '';
    incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://localhost');
      const lines = text.trim().split('\n');
      const body: unknown = text === '' ? undefined : lines.length > 1 ? lines.map(parsed) : parsed(text);
      const request = {
        method: incoming.method ?? '',
        path: decodeURIComponent(url.pathname),
        query: url.searchParams,
        headers: incoming.headers,
        body,
      };
      asked.push(request);
      const found = answer(request) ?? {
        status: 501,
        error: { type: 'not_simulated', reason: `${request.method} ${request.path} is not simulated` },
      };
      if (found === 'cut off') {
        incoming.socket.destroy();
        return;
      }
      const status = 'body' in found ? 200 : found.status;
      const content = 'body' in found ? found.body : { error: { ...found.error, root_cause: [found.error] }, status };
      const label = labelled ? { 'x-elastic-product': 'Elasticsearch' } : {};
      response.writeHead(status, { 'content-type': 'application/json', ...label });
      response.end(typeof content === 'string' ? content : JSON.stringify(content));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const client = connectElasticsearch({ scheme: 'http', host: '127.0.0.1', port });
  atEnd(() => client.close());
  return { client, url: new URL(`http://127.0.0.1:${port}`), asked };
}

function parsed(text: string): unknown {
  return JSON.parse(text);
}
