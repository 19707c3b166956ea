import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { z } from 'zod';
import { Failure } from '../../domain/failures.ts';

export interface CodecServerOptions {
  codec: PayloadCodec;
  host: string;
  /** 0: any free one. */
  port: number;
  /** Web pages that may ask, as browsers name them: `https://temporal.example.org`. */
  origins: readonly string[];
}

export interface CodecServer {
  url: string;
  close(): Promise<void>;
}

/** Payloads in protobuf's JSON: bytes are base64. */
const body = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), z.base64()).optional(), data: z.base64().optional() })),
});
/** A page of a history holds payloads of up to 2 MB each; a third comes on top by base64. */
const bodyLimitBytes = 32 * 1024 * 1024;

/**
 * The protocol that the Temporal UI and the `temporal` program speak: POST …/encode and …/decode with payloads as JSON.
 * Whatever stands before these words in the path (a namespace, say) does not matter. Failure: InvalidArgument when the
 * address cannot be listened on.
 */
export async function startCodecServer({ codec, host, port, origins }: CodecServerOptions): Promise<CodecServer> {
  const server = createServer((request, response) => {
    answer(request, response, { codec, origins }).catch((error: unknown) => refuse(response, error));
  });
  await listening(server, host, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { codec, origins }: Pick<CodecServerOptions, 'codec' | 'origins'>,
): Promise<void> {
  const { origin } = request.headers;
  // Any web page may send requests to this machine: only the UI's get an answer. Programs send no origin.
  if (origin !== undefined) {
    if (!origins.includes(origin)) throw new Refusal(403, `the origin ${origin} is not allowed`);
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    response.setHeader('Access-Control-Allow-Methods', 'POST, OPTIONS');
    response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type, x-namespace');
    response.setHeader('Vary', 'Origin');
  }
  const [, verb] = /\/(encode|decode)$/.exec(new URL(request.url ?? '/', 'http://localhost').pathname) ?? [];
  if (verb === undefined) throw new Refusal(404, 'POST /encode or /decode');
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end();
    return;
  }
  if (request.method !== 'POST') throw new Refusal(405, 'Expected POST');
  const given = body.safeParse(JSON.parse(await read(request)));
  if (!given.success) throw new Refusal(400, 'the body is not {"payloads": [{"metadata", "data"}]}');
  const payloads = given.data.payloads.map(fromJson);
  const made = await (verb === 'encode' ? codec.encode(payloads) : codec.decode(payloads));
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify({ payloads: made.map(toJson) }));
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyLimitBytes) throw new Refusal(413, `more than ${bodyLimitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  const status = error instanceof Refusal ? error.status : 400;
  // A parser's message quotes what it was given.
  const message = error instanceof SyntaxError ? 'the body is no JSON' : (error as Error).message;
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ message }));
}

function fromJson({ metadata = {}, data = '' }: z.infer<typeof body>['payloads'][number]): Payload {
  const bytes = Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')] as const);
  return { metadata: Object.fromEntries(bytes), data: Buffer.from(data, 'base64') };
}

function toJson({ metadata, data }: Payload): { metadata: Record<string, string>; data: string } {
  const texts = Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)] as const);
  return { metadata: Object.fromEntries(texts), data: base64(data ?? new Uint8Array()) };
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new Failure(
          'InvalidArgument',
          {
            message: `The codec server cannot listen on ${host}:${port}: ${error.code ?? error.message}`,
            remedy: 'Name another address with --listen',
          },
          { cause: error },
        ),
      );
    });
    server.listen(port, host, () => resolve());
  });
}
