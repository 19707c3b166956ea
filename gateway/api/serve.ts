import { checkNow } from '../../client/check-now.ts';
import type { Desk } from '../../client/desk.ts';
import type { FleetDesk } from '../../client/fleet-desk.ts';
import type { Caller } from '../../domain/access.ts';
import { findIncident } from '../../client/incident-list.ts';
import type { AuditLog } from '../../operations/access/audit.ts';
import type { OpenPlatform } from '../../operations/open-platform.ts';
import { acceptByPerson, pinByPerson, unpinByPerson } from '../../operations/recovery-points/answers.ts';
import { pointNamed } from '../../operations/recovery-points/point-choice.ts';
import { readPointInFull } from '../../operations/recovery-points/read-point.ts';
import { readHistory } from '../../operations/status/history.ts';
import { sharedReadings } from '../shared-reading.ts';
import type { TemporalLink } from '../temporal-link.ts';
import type { Handlers } from './handlers.ts';
import { pageOf } from './points-page.ts';
import type { Readings } from './readings.ts';
import type { ReadReport } from './run-details.ts';

export interface ServeTools {
  readings: Readings;
  desk: Desk;
  /** The one whose words a gateway vouches for; else nobody knows who speaks. */
  deskOf: (caller: Caller) => Desk;
  fleets: FleetDesk;
  link: TemporalLink;
  audit: AuditLog;
  /** Its file, read now, and its catalogue. Failures: UnknownPlatform, those of the file and its secrets. */
  open: (platform: string) => Promise<Pick<OpenPlatform, 'catalogue' | 'platform'>>;
  readReport: ReadReport;
  taskQueue: string;
}

const pageLength = 100;
const historyLength = 200;
const runsListed = 50;
const auditLength = 100;
/** Lists of points that are kept for a moment, so that paging and plots do not list them anew each time. */
const lists = { keepMs: 5000, most: 4 };

export function serve(tools: ServeTools): Handlers {
  const { readings, desk, deskOf, fleets, link, audit, open, readReport, taskQueue } = tools;
  const points = sharedReadings(async (name) => (await open(name)).catalogue.listPoints(), lists);
  /** What was said about a point shows at once. */
  const afterwards = async <T>(platform: string, work: Promise<T>): Promise<T> =>
    work.finally(() => points.forget(platform));
  const started = async (run: Promise<string>) => ({ run: await run });
  const said = async (answer: Promise<string>) => ({ answer: await answer });

  return {
    platforms: () => readings.platforms(),
    platform: ({ params: { platform } }) => readings.platform(platform),
    history: async ({ params: { platform }, query: { limit = historyLength } }) => {
      const { catalogue } = await open(platform);
      return readHistory(catalogue, (await points(platform)).points, limit);
    },
    points: async ({ params: { platform }, query: { limit = pageLength, before, since } }) => {
      const list = since === undefined ? points(platform) : (await open(platform)).catalogue.listPointsSince(since);
      return pageOf(await list, { limit, before });
    },
    point: async ({ params: { platform, point } }) => {
      const opened = await open(platform);
      return readPointInFull(opened, await pointNamed(opened, point));
    },
    check: async ({ params: { platform }, by, startedBy, body: { by: _, ...wanted } }) => {
      await open(platform);
      const input = { ...wanted, startedBy: startedBy(by) };
      return link.use((client) => checkNow(client, taskQueue, platform, input));
    },
    startBackup: async ({ params: { platform }, by, startedBy, body: { by: _, ...reason } }) => {
      await open(platform);
      return started(desk.start('backup', { platform, startedBy: { ...startedBy(by), ...reason } }));
    },
    startRestore: async ({ params: { platform }, by, startedBy, body: { by: _, ...wanted } }) => {
      await open(platform);
      return started(desk.start('restore', { platform, ...wanted, startedBy: startedBy(by) }));
    },
    startRebuild: async ({ params: { platform }, by, startedBy, body: { by: _, ...wanted } }) => {
      await open(platform);
      return started(desk.start('rebuild', { platform, ...wanted, startedBy: startedBy(by) }));
    },
    startPrune: async ({ params: { platform }, by, startedBy }) => {
      await open(platform);
      return started(desk.start('prune', { platform, startedBy: startedBy(by) }));
    },
    startScrub: async ({ params: { platform }, by, startedBy, body: { by: _, ...wanted } }) => {
      await open(platform);
      return started(desk.start('scrub', { platform, ...wanted, startedBy: startedBy(by) }));
    },
    startDrill: async ({ params: { platform }, by, startedBy, body: { by: _, ...wanted } }) => {
      await open(platform);
      return started(desk.start('drill', { platform, ...wanted, startedBy: startedBy(by) }));
    },
    pin: async ({ params: { platform, point }, by }) =>
      afterwards(platform, pinByPerson(await open(platform), point, by)),
    unpin: async ({ params: { platform, point }, body: { all = false } }) =>
      afterwards(platform, unpinByPerson(await open(platform), point, { all })),
    acceptPoint: async ({ params: { platform, point }, by, body: { reason } }) =>
      afterwards(platform, acceptByPerson(await open(platform), point, { by, reason })),
    runs: ({ query: { platform, limit = runsListed } }) => desk.runs({ platform, limit }),
    run: async ({ params: { run }, query: { waiting } }) =>
      readings.run(waiting === undefined ? run : (await desk.find(run, `waiting ${waiting}`)).id),
    report: ({ params: { run }, query: { platform } }) => readReport(run, platform),
    approve: ({ caller, params: { run }, by, body: { planHash, platform } }) =>
      deskOf(caller).approve(run, { planHash, platform, by }),
    reject: ({ caller, params: { run }, by, body: { reason } }) => deskOf(caller).reject(run, { by, reason }),
    decide: ({ caller, params: { run }, by, body: { step, choice } }) =>
      deskOf(caller).decide(run, { step, choice, by }),
    cancel: ({ params: { run }, by }) => desk.cancel(run, { by }),
    quarantines: ({ query: { platform } }) => desk.quarantines(platform),
    rollback: ({ caller, params: { run }, by }) => deskOf(caller).rollback(run, { by }),
    release: ({ caller, params: { run }, by }) => deskOf(caller).release(run, { by }),
    fleets: () => readings.fleets(),
    fleet: ({ params: { fleet } }) => readings.fleet(fleet),
    approveWave: ({ params: { fleet }, by, body: { planHash, fleet: typed } }) =>
      said(fleets.approve(fleet, { planHash, typed, by })),
    pauseFleet: ({ params: { fleet }, by, body: { reason } }) => said(fleets.tell(fleet, 'pause', { by, reason })),
    resumeFleet: ({ params: { fleet }, by, body: { reason } }) => said(fleets.tell(fleet, 'resume', { by, reason })),
    stopFleet: ({ params: { fleet }, by, body: { reason } }) => said(fleets.tell(fleet, 'stop', { by, reason })),
    incidents: async ({ query: { platform } }) => {
      const all = await readings.incidents();
      return platform === undefined ? all : all.filter((incident) => incident.platform === platform);
    },
    incident: ({ params: { incident } }) => link.use((client) => findIncident(client, incident)),
    audit: ({ query: { limit = auditLength } }) => audit.newest(limit),
  };
}
