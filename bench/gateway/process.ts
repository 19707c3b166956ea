import { appendFileSync } from 'node:fs';
import fastify from 'fastify';
import { destination } from 'pino';
import { readEnvironment } from '../../config/environment.ts';
import { openLog } from '../../config/log.ts';
import { openAccess } from '../../gateway/access/access.ts';
import { guard } from '../../gateway/access/guard.ts';
import { temporalCourier, type Courier } from '../../gateway/incidents/courier.ts';
import { startIncidents } from '../../gateway/incidents/incidents.ts';
import { incidentRoutes } from '../../gateway/incidents/routes.ts';

// The receivers of the gateway as a process of its own, to be measured and killed. With BENCH_LEDGER, what would go to
// Temporal goes into that file: no development server takes a thousand workflows a second.

const { BENCH_LEDGER: ledger, BENCH_PORT: port } = process.env;
const environment = readEnvironment();

const intoLedger = (file: string): Courier => ({
  deliver: ({ id, event }) => {
    appendFileSync(file, `${id} ${event.what} ${event.delivery}\n`);
    return Promise.resolve(true);
  },
  close: () => Promise.resolve(),
});

const incidents = await startIncidents({
  environment,
  clientCertificates: false,
  courier: ledger === undefined ? temporalCourier(environment) : intoLedger(ledger),
  log: openLog(environment.logLevel, destination(2)),
});
const server = fastify({ requestTimeout: 10_000, bodyLimit: 64 * 1024 });
const { stateFolder, variables } = environment;
await guard(server, await openAccess({ file: {}, stateFolder, loopback: true, variables }));
incidentRoutes(server, incidents);
server.get('/used', { config: { role: 'anyone', rateLimit: false } }, () => {
  const { user, system } = process.cpuUsage();
  return { megabytes: Math.round(process.memoryUsage().rss / 1e6), cpuMs: (user + system) / 1000 };
});
await server.listen({ host: '127.0.0.1', port: Number(port ?? 0) });
console.log('listening');
