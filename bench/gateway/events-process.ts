import fastify from 'fastify';
import { routes } from '../../api/routes.ts';
import type { PlatformRow } from '../../api/types.ts';
import { readEnvironment } from '../../config/environment.ts';
import { openAccess } from '../../gateway/access/access.ts';
import { guard } from '../../gateway/access/guard.ts';
import { sessionRoutes } from '../../gateway/access/session-routes.ts';
import { eventRoute } from '../../gateway/api/events.ts';
import type { Readings } from '../../gateway/api/readings.ts';
import { openTopics } from '../../gateway/api/topics.ts';
import { webPage } from '../../gateway/page/page.ts';

// The page and the events of the gateway over platforms that change with every reading, read as fast as it goes: what
// takes an hour otherwise.

const everyMs = 5;
const { BENCH_PORT: port, BENCH_PLATFORMS: count } = process.env;
const { stateFolder, variables } = readEnvironment();

const point = (at: number) => {
  const startedAt = new Date(at).toISOString();
  return { id: startedAt.slice(0, 16).replace('T', 't').replace(':', ''), startedAt, ageSeconds: 0 };
};
const rowOf = (index: number, change: number): PlatformRow => {
  const platform = `platform-${String(index + 1).padStart(4, '0')}`;
  const run = { run: `backup/${platform}/${change}`, platform, kind: 'backup', phase: 'running' } as const;
  return {
    platform,
    state: 'good',
    newestGood: point(Date.now() - change),
    newestProven: point(Date.now() - 86_400_000),
    recoveryPoints: 10_000 + change,
    suspectPoints: 0,
    recoveryPointObjectiveSeconds: 7200,
    recoveryTimeObjectiveSeconds: 1800,
    nextBackupAt: new Date(Date.now() + 1_800_000).toISOString(),
    runs: { value: change % 2 === 0 ? [] : [{ ...run, startedAt: new Date().toISOString() }] },
    worker: 'working',
    incidents: 0,
  };
};
const rows = Array.from({ length: Number(count) }, (_, index) => rowOf(index, 0));
let changes = 0;
const platforms = () => {
  changes += 1;
  const index = (changes * 7) % rows.length;
  rows[index] = rowOf(index, changes);
  return Promise.resolve(rows);
};

const access = await openAccess({ file: {}, stateFolder, loopback: true, variables });
const server = fastify();
await guard(server, access);
const web = await webPage(server);
server.get('/', { config: { role: 'anyone' } }, (_, reply) => web.send(reply));
sessionRoutes(server, access, { version: 'bench', temporalUi: undefined, incidents: { warnings: () => [] } });
server.get(routes.platforms.path, { config: { role: routes.platforms.role } }, platforms);
eventRoute(server, {
  topics: openTopics({ platforms } as Readings, { run: everyMs, others: everyMs, ended: everyMs }),
  isStillAllowed: () => Promise.resolve(true),
});
await server.listen({ host: '127.0.0.1', port: Number(port) });
console.log('listening');
