import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { redactWords } from '../config/redaction.ts';
import type { Refusal } from '../api/types.ts';
import type { Access } from './access/access.ts';
import { guard } from './access/guard.ts';
import { oidcRoutes } from './access/oidc-routes.ts';
import { sessionRoutes } from './access/session-routes.ts';
import type { Tls } from './access/tls.ts';
import type { Api } from './api/api.ts';
import { failureOf, httpStatus } from './http-status.ts';
import type { Incidents } from './incidents/incidents.ts';
import { incidentRoutes } from './incidents/routes.ts';
import { webPage } from './page/page.ts';
import type { Page, Pages } from './pages.ts';

export interface ServerOptions {
  pages: Pages;
  /** Content type of the metrics. */
  metricsType: string;
  access: Access;
  incidents: Incidents;
  /** Of Rekindle. */
  version: string;
  temporalUi: string | undefined;
  tls: Tls | undefined;
  api: Api;
  /** Of the built page; absent: where the build puts it. */
  pageFolder?: string;
}

/** The routes, each with who may use it. No answer contains a secret that this process has read. */
export async function gatewayServer(options: ServerOptions): Promise<FastifyInstance> {
  const { pages, metricsType, access, tls, api } = options;
  // What proxies say of where a request comes from counts only from those that are trusted.
  const trustProxy = access.settings.trustedProxy?.from ?? false;
  const common = {
    requestTimeout: 10_000,
    bodyLimit: 64 * 1024,
    trustProxy,
    // A run's id stands in the path: Temporal's may have a thousand characters.
    routerOptions: { maxParamLength: 1000 },
  };
  const server: FastifyInstance = tls ? fastify({ ...common, https: tls }) : fastify(common);
  server.setErrorHandler((error, _, reply) => {
    const { kind, message, remedy } = failureOf(error);
    if (kind === 'NotLoggedIn') reply.header('www-authenticate', 'Bearer realm="rekindle"');
    return send(reply, { status: httpStatus(error), body: { failure: { kind, message, remedy } } });
  });
  await guard(server, access);

  const page = (work: () => Promise<Page>) => async (_: unknown, reply: FastifyReply) => send(reply, await work());
  const monitoring = access.settings.monitoring === 'open' ? 'anyone' : 'viewer';
  const monitors = { config: { role: monitoring } } as const;
  const anyone = { config: { role: 'anyone', rateLimit: false } } as const;
  const web = await webPage(server, options.pageFolder);
  const front = {
    config: { role: (request: FastifyRequest) => (web.wanted(request) ? 'anyone' : monitoring) },
  } as const;
  server.get('/', front, async (request, reply) =>
    web.wanted(request) ? web.send(reply) : send(reply.header('vary', 'accept'), await pages.front()),
  );
  server.get('/status', monitors, page(pages.status));
  server.get<{ Params: { platform: string } }>('/status/:platform', monitors, async ({ params }, reply) =>
    send(reply, await pages.platform(params.platform)),
  );
  server.get('/metrics', monitors, async (_, reply) => reply.type(metricsType).send(await pages.metrics()));
  server.get('/healthz', anyone, (_, reply) => send(reply, { status: 200, body: { status: 'ok' } }));
  server.get('/readyz', anyone, page(pages.readiness));
  incidentRoutes(server, options.incidents);
  sessionRoutes(server, access, options);
  api.register(server, access);
  if (access.oidc) oidcRoutes(server, access, access.oidc);
  server.setNotFoundHandler(({ method, url }, reply) =>
    send(reply, {
      status: 404,
      body: {
        failure: {
          kind: 'InvalidArgument',
          message: `Nothing answers ${method} at ${url.split('?')[0] ?? ''}`,
          remedy:
            'Request (GET) /, /status, /status/<platform>, /metrics, /healthz or /readyz; GET /api/v1/openapi.json describes the API',
        },
      } satisfies Refusal,
    }),
  );
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
