import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { redactWords } from '../../config/redaction.ts';
import { Failure } from '../../domain/failures.ts';
import { incidentSources, type IncidentSource } from '../../domain/incidents/incident.ts';
import type { Notice } from '../../domain/incidents/track.ts';
import { authenticate } from './authenticate.ts';
import type { Incidents } from './incidents.ts';
import { readBody } from './receive.ts';
import { forgedRefusal, notConfigured, refusalOf, type Refusal } from './refusal.ts';

const bodyLimit = 1024 * 1024;
/** Of one address: several times what the busiest tool sends, far less than what would hurt. */
const requestsPerSecond = 5000;
const rateLimit = { max: requestsPerSecond, timeWindow: 1000, keyGenerator: ({ ip }: FastifyRequest) => ip };

/** `POST /incidents/<source>`. Each source proves itself as the incidents' file says; the gateway's tokens do not count. */
export function incidentRoutes(server: FastifyInstance, incidents: Incidents): void {
  void server.register((scope, _, done) => {
    // A signature is over the bytes, so nothing may parse them before.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, parsed) => parsed(null, body));
    for (const source of incidentSources)
      scope.post(`/incidents/${source}`, {
        bodyLimit,
        config: { role: 'itself', rateLimit },
        onRequest: (_request, _reply, next) => {
          incidents.metrics.received(source);
          next();
        },
        errorHandler: (error: FastifyError, request, reply) => {
          void refuse(incidents, source, { request, reply }, refusalOf(error));
        },
        handler: (request, reply) => receive(incidents, source, { request, reply }),
      });
    done();
  });
}

interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
}

async function receive(incidents: Incidents, source: IncidentSource, exchange: Exchange): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const { metrics, log } = incidents;
  const settings = incidents.settings();
  if (!settings?.sources[source])
    return refuse(incidents, source, exchange, notConfigured(source, settings ? undefined : incidents.trouble()));
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const forged = authenticate(source, settings, request.raw, body);
  if (forged !== undefined) return refuse(incidents, source, exchange, forgedRefusal(source, forged));
  const notice = read(incidents, source, request, body);
  if (typeof notice === 'string') {
    metrics.dropped(source, 'ignored');
    return answer(reply, 200, { answer: `Ignored: ${notice}` });
  }
  const decision = await incidents.accept(notice, settings.mapping);
  const { id: incident, outcome } = decision;
  if (outcome === 'accepted') {
    const { event, target } = decision;
    metrics.accepted(source);
    log.info('Incident event accepted', { source, incident, what: event.what, ...target, title: event.title });
    const said = `Accepted: ${event.what}, ${target.action} of ${target.platform}`;
    return answer(reply, 202, { answer: said, incident });
  }
  metrics.dropped(source, outcome);
  if (outcome === 'unmapped') {
    const { title, labels } = notice;
    log.info('Incident event concerns no platform', { source, title, labels, reason: decision.why });
    return answer(reply, 200, { answer: `Nothing is done: ${decision.why}` });
  }
  return answer(reply, 200, { answer: `Nothing is done: ${outcome}`, incident });
}

function read({ log }: Incidents, source: IncidentSource, { headers }: FastifyRequest, body: Buffer): Notice | string {
  const key = headers['idempotency-key'];
  try {
    return readBody({ source, body, idempotencyKey: typeof key === 'string' ? key : undefined, now: Date.now() });
  } catch (error) {
    // Its signature was right. PagerDuty would disable the webhook after three refusals in a row.
    if (source !== 'pagerduty' || !(error instanceof Failure)) throw error;
    log.error('An event of pagerduty cannot be read', { reason: error.message, remedy: error.remedy });
    return error.message;
  }
}

function refuse(
  { metrics, log }: Incidents,
  source: IncidentSource,
  { request, reply }: Exchange,
  { status, reason, trouble }: Refusal,
): FastifyReply {
  metrics.refused(source, reason);
  log.warn('Request of an incident tool refused', { source, from: request.ip, status, reason: trouble.message });
  if (status === 503) reply.header('retry-after', '5');
  const { kind, message, remedy } = trouble;
  return answer(reply, status, { failure: { kind, message, remedy } });
}

function answer(reply: FastifyReply, status: number, body: object): FastifyReply {
  const text = JSON.stringify(redactWords(body));
  return reply.code(status).header('cache-control', 'no-store').type('application/json').send(`${text}\n`);
}
