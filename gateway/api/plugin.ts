import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { openApi } from '../../api/openapi.ts';
import { routeSchemas, type RouteSchemas } from '../../api/route-schemas.ts';
import { routes, type RouteName, type RouteRow } from '../../api/routes.ts';
import { redactWords } from '../../config/redaction.ts';
import type { Caller } from '../../domain/access.ts';
import { Failure } from '../../domain/failures.ts';
import { audited } from '../access/audited.ts';
import type { AuditLog } from '../../operations/access/audit.ts';
import { callerOf } from '../access/guard.ts';
import type { Handlers, Request } from './handlers.ts';
import { validated } from './validated.ts';

export interface ApiOptions {
  handlers: Handlers;
  audit: AuditLog;
  /** Called when an action is over, before its answer. */
  onAction: () => void;
  /** Of Rekindle. */
  version: string;
}

type Handle = (request: Request<RouteName>) => Promise<unknown>;

/** Every route of the table that has a handler, and the document that describes them all. */
export function apiRoutes(server: FastifyInstance, { handlers, audit, onAction, version }: ApiOptions): void {
  const document = openApi(version);
  server.get(routes.openApi.path, { config: { role: routes.openApi.role } }, (_, reply) => answer(reply, document));
  for (const [name, handle] of Object.entries(handlers) as [RouteName, Handle][]) {
    const { method, path, role }: RouteRow = routes[name];
    server.route({
      method,
      url: urlOf(path),
      config: { role, action: words(name) },
      handler: async (request, reply) => {
        const asked = readRequest(name, request);
        if (method === 'GET') return answer(reply, await handle(asked));
        const { params } = asked;
        const { reason } = asked.body as { reason?: string };
        const intent = {
          caller: { ...asked.caller, name: asked.by },
          action: words(name),
          subject: Object.values(params).join(' '),
          ...(reason !== undefined && { text: reason }),
        };
        return answer(reply, await audited(audit, intent, () => handle(asked).finally(onAction)));
      },
    });
  }
}

const urlOf = (path: string) => path.replace(/\{(\w+)\}/g, ':$1');
/** `startRestore` → `start restore`. */
const words = (name: string) => name.replace(/([A-Z])/g, ' $1').toLowerCase();

/** Indented: people read it, too. Nothing that this process knows as a secret leaves it. */
function answer(reply: FastifyReply, document: unknown): FastifyReply {
  return reply
    .header('cache-control', 'no-store')
    .type('application/json')
    .send(`${JSON.stringify(redactWords(document), undefined, 1)}\n`);
}

function readRequest(name: RouteName, request: FastifyRequest): Request<RouteName> {
  const { query, body }: RouteSchemas = routeSchemas[name];
  const caller = callerOf(request);
  const sent = validated(body, request.body, 'The body') as { by?: string };
  return {
    caller,
    by: body ? byOf(caller, sent) : caller.name,
    startedBy: (name) => ({ how: isCommandLine(request) ? 'command line' : 'page', name }),
    params: request.params as Request<RouteName>['params'],
    query: validated(query, request.query, 'The query'),
    body: sent,
  };
}

/** `rekindle --gateway` says so; it decides nothing, but how a run came about stands in its report. */
const isCommandLine = ({ headers }: FastifyRequest) => headers['user-agent']?.startsWith('rekindle/') === true;

function byOf({ method, name }: Caller, { by }: { by?: string }): string {
  if (method !== 'none') return name;
  if (by !== undefined) return by;
  throw new Failure('InvalidArgument', {
    message: 'The body lacks the field "by": access control is off, so nobody knows who you are',
    remedy: 'Send "by" with your name, or switch access control on (docs/access.md)',
  });
}
