import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { routes, type RouteName, type RouteRow } from '../../../api/routes.ts';
import type { Refusal, Session } from '../../../api/types.ts';
import { openAccess } from '../../../gateway/access/access.ts';
import { guard } from '../../../gateway/access/guard.ts';
import { webPage } from '../../../gateway/page/page.ts';

/** The real page behind the real guard, and an API that answers what the test says. */
export interface StubGateway {
  url: string;
  /** By route: a document, or what makes it of the parameters and the body; without one it answers 404. */
  answers: Partial<Record<RouteName, Answer>>;
  /** What was sent, in order. */
  sent: { route: RouteName; params: Record<string, string>; body: unknown }[];
  tell: (topic: string, data: unknown, trouble?: Refusal['failure']) => void;
  /** What is followed at this moment, sorted; a topic stands there once for each connection. */
  followed: () => string[];
  /** Nobody listens there any more; `open` listens at the same address. */
  shut: () => Promise<void>;
  open: () => Promise<void>;
  close: () => Promise<void>;
}

export type Answer =
  object | ((asked: { params: Record<string, string>; query: Record<string, string>; body: unknown }) => object);

export const openSession: Session = {
  caller: { name: '', role: 'approver', method: 'none' },
  logins: [],
  version: '0.0.0-test',
};

export async function stubGateway(pageFolder: string): Promise<StubGateway> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'rkt-page-'));
  const streams = new Map<FastifyReply, string>();
  let server: FastifyInstance | undefined;
  let port = 0;
  const stub: StubGateway = {
    url: '',
    answers: { session: openSession },
    sent: [],
    tell: (topic, data, trouble) => {
      for (const [{ raw }, topics] of streams)
        if (topics.split(',').includes(topic))
          raw.write(`data: ${JSON.stringify(trouble ? { topic, trouble } : { topic, data })}\n\n`);
    },
    followed: () => [...streams.values()].flatMap((topics) => topics.split(',')).sort(),
    async shut() {
      for (const { raw } of streams.keys()) raw.destroy();
      streams.clear();
      await server?.close();
    },
    async open() {
      server = fastify({ forceCloseConnections: true });
      await guard(server, await openAccess({ file: {}, stateFolder, loopback: true, variables: {} }));
      const web = await webPage(server, pageFolder);
      server.get('/', { config: { role: 'anyone' } }, (_, reply) => web.send(reply));
      server.get<{ Querystring: { topics: string } }>(
        routes.events.path,
        { config: { role: 'anyone' } },
        ({ query }, reply) => {
          reply.hijack();
          if (reply.raw.destroyed) return;
          reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
          reply.raw.write(': open\n\n');
          streams.set(reply, query.topics);
          reply.raw.on('close', () => streams.delete(reply));
        },
      );
      for (const name of Object.keys(routes) as RouteName[]) if (name !== 'events') addRoute(server, name, stub);
      await server.listen({ host: '127.0.0.1', port });
      port = (server.server.address() as AddressInfo).port;
      stub.url = `http://127.0.0.1:${port}`;
    },
    async close() {
      await stub.shut();
      await rm(stateFolder, { recursive: true, force: true });
    },
  };
  await stub.open();
  return stub;
}

function addRoute(server: FastifyInstance, name: RouteName, stub: StubGateway): void {
  const { method, path }: RouteRow = routes[name];
  server.route<{ Params: Record<string, string>; Querystring: Record<string, string> }>({
    method,
    url: path.replace(/\{(\w+)\}/g, ':$1'),
    config: { role: 'anyone' },
    handler: async ({ params, query, body }, reply) => {
      if (method !== 'GET') stub.sent.push({ route: name, params, body });
      const answer = stub.answers[name];
      const found =
        typeof answer === 'function' ? (answer as (asked: object) => object)({ params, query, body }) : answer;
      if (found === undefined) reply.code(404);
      else if (isRefusal(found)) reply.code(found.failure.kind === 'NotLoggedIn' ? 401 : 409);
      const nothing = {
        failure: { kind: 'NotFound', message: `Nothing here: ${name}`, remedy: 'Say what it answers' },
      };
      return reply.header('cache-control', 'no-store').send(found ?? nothing);
    },
  });
}

const isRefusal = (answer: object): answer is Refusal => 'failure' in answer;
