import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { redactWords } from '../config/redaction.ts';
import { Failure, type FailureText } from '../domain/failures.ts';
import { troubleOf } from '../domain/status/status.ts';
import type { Page, Pages } from './pages.ts';

/** The routes. No answer contains a secret that this process has read. `metricsType`: content type of the metrics. */
export function gatewayServer(pages: Pages, metricsType: string): FastifyInstance {
  const server = fastify({ requestTimeout: 10_000, bodyLimit: 64 * 1024 });
  const page = (work: () => Promise<Page>) => async (_: unknown, reply: FastifyReply) => send(reply, await work());

  server.get('/', page(pages.front));
  server.get('/status', page(pages.status));
  server.get<{ Params: { platform: string } }>('/status/:platform', async ({ params }, reply) =>
    send(reply, await pages.platform(params.platform)),
  );
  server.get('/metrics', async (_, reply) => reply.type(metricsType).send(await pages.metrics()));
  server.get('/healthz', (_, reply) => send(reply, { status: 200, body: { status: 'ok' } }));
  server.get('/readyz', page(pages.readiness));
  server.setNotFoundHandler(({ method, url }, reply) =>
    send(reply, {
      status: 404,
      body: {
        message: `Nothing answers ${method} at ${url.split('?')[0] ?? ''}`,
        remedy: 'Request (GET) /, /status, /status/<platform>, /metrics, /healthz or /readyz',
      } satisfies FailureText,
    }),
  );
  server.setErrorHandler((error, _, reply) => {
    const { kind, message, remedy } = troubleOf(error);
    return send(reply, { status: httpStatus(error), body: { failure: { kind, message, remedy } } });
  });
  return server;
}

/** Indented, like the cron wrapper's. */
function send(reply: FastifyReply, { status, body }: Page): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json')
    .send(`${JSON.stringify(redactWords(body), undefined, 2)}\n`);
}

function httpStatus(error: unknown): number {
  if (error instanceof Failure) return error.kind === 'UnknownPlatform' ? 404 : 500;
  // Fastify's own refusals: a request too large, or malformed.
  const { statusCode } = error as { statusCode?: number };
  return statusCode !== undefined && statusCode >= 400 ? statusCode : 500;
}
