import fastify, { type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { parseGatewayFile } from '../../../config/gateway-file.ts';
import { openAccess } from '../../../gateway/access/access.ts';
import { callerOf, guard, type RouteRole } from '../../../gateway/access/guard.ts';
import { httpStatus } from '../../../gateway/http-status.ts';
import { troubleOf } from '../../../domain/status/status.ts';
import { stringify } from 'yaml';
import { atEnd, state } from './access-scene.ts';

/** A guarded server with one route for each role, which answers with the caller. `loopback`: where it listens. */
export async function guarded(file: object = {}, { loopback = true } = {}): Promise<{ url: string }> {
  const access = await openAccess({
    file: parseGatewayFile(stringify(file), 'gateway.yaml', {}),
    stateFolder: state,
    loopback,
    variables: {},
  });
  const server: FastifyInstance = fastify({ trustProxy: access.settings.trustedProxy?.from ?? false });
  server.setErrorHandler((error, _, reply) => {
    const { kind, message, remedy } = troubleOf(error);
    return reply.code(httpStatus(error)).send({ failure: { kind, message, remedy } });
  });
  await guard(server, access);
  for (const role of ['viewer', 'operator', 'approver'] satisfies RouteRole[])
    server.route({
      method: ['GET', 'POST'],
      url: `/${role}`,
      config: { role },
      handler: (request, reply) => reply.send({ caller: callerOf(request), ip: request.ip }),
    });
  server.get('/forgotten', (request, reply) => reply.send({ caller: callerOf(request) }));
  server.post('/itself', { config: { role: 'itself', rateLimit: false } }, (_, reply) => reply.send({ taken: true }));
  await server.listen({ host: '127.0.0.1', port: 0 });
  atEnd(() => server.close());
  return { url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}` };
}
