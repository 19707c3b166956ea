import type { FastifyInstance, FastifyRequest } from 'fastify';
import { routeSchemas } from '../../api/route-schemas.ts';
import { routes } from '../../api/routes.ts';
import { mayAct } from '../../domain/access.ts';
import { Failure } from '../../domain/failures.ts';
import { openStream, type EventStream } from './event-stream.ts';
import type { Topics } from './topics.ts';
import { validated } from './validated.ts';

export interface EventOptions {
  topics: Topics;
  /** Whether who asked may still see it: they may have logged out, or their token may have been revoked. */
  isStillAllowed: (request: FastifyRequest) => Promise<boolean>;
  /** Milliseconds between two signs of life. */
  beatMs?: number;
  /** Connections at the same time. */
  most?: number;
}

const usualBeatMs = 15_000;
const usualMost = 500;
const mostTopics = 20;

/** Server-sent events: each carries the whole document, so that a browser that slept shows the truth after one. */
export function eventRoute(
  server: FastifyInstance,
  { topics, isStillAllowed, beatMs = usualBeatMs, most = usualMost }: EventOptions,
): void {
  const open = new Map<EventStream, FastifyRequest>();
  const end = (stream: EventStream) => {
    open.delete(stream);
    stream.end();
  };
  const beat = setInterval(() => {
    for (const [stream, request] of open)
      void isStillAllowed(request).then(
        (allowed) => (allowed ? stream.beat() : end(stream)),
        () => end(stream),
      );
  }, beatMs).unref();
  // The server waits for its connections when it closes.
  server.addHook('preClose', (done) => {
    clearInterval(beat);
    for (const stream of open.keys()) end(stream);
    topics.close();
    done();
  });

  server.get(routes.events.path, { config: { role: routes.events.role } }, (request, reply) => {
    const wanted = topicsOf(validated(routeSchemas.events.query, request.query, 'The query').topics);
    if (open.size >= most) throw crowded(most);
    // Said before anything is sent: afterwards, no status can be.
    for (const topic of wanted) topics.assertKnown(topic);
    reply.hijack();
    // Whoever left while it was looked up who asks has been closed already, and would never be again.
    if (reply.raw.destroyed) return;
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const stream = openStream(reply.raw, topics, wanted);
    open.set(stream, request);
    reply.raw.on('close', () => open.delete(stream));
  });
}

function topicsOf(text: string): string[] {
  const wanted = [...new Set(text.split(',').filter((topic) => topic !== ''))];
  if (wanted.length > 0 && wanted.length <= mostTopics) return wanted;
  throw new Failure('InvalidArgument', {
    message: `The query names ${wanted.length} topics`,
    remedy: `Name 1 to ${mostTopics}, separated by commas`,
  });
}

function crowded(most: number): Failure {
  return new Failure('TooManyRequests', {
    message: `${most} connections for events are open already`,
    remedy: 'Close pages that nobody looks at, or ask for the documents themselves from time to time',
  });
}

/** For `isStillAllowed`. */
export const maySeeEvents = (role: 'viewer' | 'operator' | 'approver' | undefined): boolean =>
  role !== undefined && mayAct(role, routes.events.role);
