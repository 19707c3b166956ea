import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectDocker, type DockerEngine } from '../../../systems/docker/engine.ts';

/** As much of Docker's API as images need, on a port of its own. */
export interface FakeImageEngine {
  docker: DockerEngine;
  /** Ids by what the engine knows them by: tags, digests, ids. */
  names: Map<string, string>;
  /** What was asked of it that changes something, and what was saved. */
  asked: string[];
  /** SHA-256 of the streams that it gave or got. */
  streams: string[];
  /** What it does instead of saving or loading. */
  fault?: 'save breaks off' | 'save ends with words' | 'load says no' | 'load refuses' | 'load forgets';
  end: () => Promise<unknown>;
}

export const idOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** `streamBytes`: of each export, as if it were layers. */
export async function fakeImageEngine(names: Record<string, string>, streamBytes = 100_000): Promise<FakeImageEngine> {
  const known = new Map(Object.entries(names));
  for (const id of Object.values(names)) known.set(id, id);
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const engine: FakeImageEngine = {
    docker: connectDocker({ host: `tcp://127.0.0.1:${port}` }),
    names: known,
    asked: [],
    streams: [],
    end: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://engine');
    const path = decodeURIComponent(url.pathname);
    const [, name = ''] = /^\/images\/(.*)\/(?:json|tag)$/.exec(path) ?? [];
    const json = (status: number, value: unknown) => response.writeHead(status).end(JSON.stringify(value));
    if (path === '/version' || path === '/info') return void json(200, {});
    if (path.endsWith('/json')) {
      const id = known.get(name);
      return void (id === undefined ? json(404, { message: `No such image: ${name}` }) : json(200, { Id: id }));
    }
    if (path.endsWith('/tag')) {
      const tag = `${url.searchParams.get('repo')}:${url.searchParams.get('tag')}`;
      engine.asked.push(`tag ${tag}`);
      known.set(tag, known.get(name) ?? '');
      return void response.writeHead(201).end();
    }
    if (path === '/images/get') return save(url.searchParams.getAll('names'), response);
    engine.asked.push('load');
    return load(request, response);
  }

  async function save(wanted: string[], response: ServerResponse): Promise<void> {
    engine.asked.push(`save ${wanted.join(' ')}`);
    const hash = createHash('sha256');
    const send = async (bytes: Uint8Array) => {
      hash.update(bytes);
      if (!response.write(bytes)) await new Promise((resolve) => response.once('drain', resolve));
    };
    await send(Buffer.from(`${JSON.stringify(wanted.map((name) => [name, known.get(name)]))}\n`));
    for (let at = 0; at < streamBytes; at += 1_000_000)
      await send(Buffer.alloc(Math.min(1_000_000, streamBytes - at), `layer ${at}`));
    if (engine.fault === 'save breaks off') return void response.destroy();
    await send(engine.fault === undefined ? Buffer.alloc(1024) : Buffer.from('{"error":"layer is gone"}'));
    response.end();
    engine.streams.push(hash.digest('hex'));
  }

  async function load(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (engine.fault === 'load refuses')
      return void response.writeHead(500).end('{"message":"no space left on device"}');
    const hash = createHash('sha256');
    let head = Buffer.alloc(0);
    for await (const piece of request as AsyncIterable<Buffer>) {
      hash.update(piece);
      if (head.length < 10_000) head = Buffer.concat([head, piece]);
    }
    engine.streams.push(hash.digest('hex'));
    response.writeHead(200);
    if (engine.fault === 'load says no')
      return void response.end('{"stream":"Loading"}\n{"errorDetail":{},"error":"bad \\"layer\\""}\n');
    const loaded = JSON.parse(head.toString('utf8', 0, head.indexOf('\n'))) as [string, string][];
    if (engine.fault !== 'load forgets') for (const [name, id] of loaded) known.set(name, id).set(id, id);
    response.end('{"stream":"Loaded"}\n');
  }
  return engine;
}
