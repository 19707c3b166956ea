import type { IncidentState } from '../../domain/incidents/incident.ts';
import type { FleetDetails, FleetRow, PlatformDetails, PlatformRow, RunDetails } from '../../api/types.ts';
import { listIncidents } from '../../client/incident-list.ts';
import { readinessReader } from '../../client/readiness.ts';
import type { Readiness } from '../../domain/readiness/readiness.ts';
import { summaryOf } from '../../domain/status/platform-summary.ts';
import { readinessSeen } from '../../domain/status/readiness-seen.ts';
import { seen, type PlatformSeen, type Seen } from '../../domain/status/status.ts';
import type { Desk } from '../../client/desk.ts';
import type { FleetDesk } from '../../client/fleet-desk.ts';
import type { Watch } from '../platforms.ts';
import { sharedReading, sharedReadings } from '../shared-reading.ts';
import type { TemporalLink } from '../temporal-link.ts';
import { readRunDetails, type ReadReport } from './run-details.ts';

/** The documents that many look at: each is read once for all of them, and by the events as by the routes. */
export interface Readings {
  platforms: () => Promise<PlatformRow[]>;
  /** Failure: UnknownPlatform. */
  platform: (name: string) => Promise<PlatformDetails>;
  /** By a run's id, or a platform's name. Failures: RunNotFound, TemporalUnreachable. */
  run: (reference: string) => Promise<RunDetails>;
  /** Those that are under way. Failure: TemporalUnreachable. */
  fleets: () => Promise<FleetRow[]>;
  /** Failures: RunNotFound, RunFailed (no worker answers), TemporalUnreachable. */
  fleet: (name: string) => Promise<FleetDetails>;
  incidents: () => Promise<IncidentState[]>;
  /** Something was done: who looks next must see what became of it. */
  forget: () => void;
}

export interface ReadingTools {
  watch: Watch;
  link: TemporalLink;
  desk: Desk;
  fleets: FleetDesk;
  readReport: ReadReport;
}

/** The longest that the list of platforms waits for any of them. */
const rowsWaitMs = 500;
/** Documents of single platforms and runs that are kept at the same time. */
const most = 200;

export function openReadings({ watch, link, desk, fleets, readReport }: ReadingTools): Readings {
  const openIncidents = sharedReading(() => link.use((client) => listIncidents(client, { open: true })), {
    keepMs: 3000,
  });
  const readReadiness = readinessReader();
  const standing = sharedReading(() => link.use(readReadiness), { keepMs: 3000 });
  const quarantines = sharedReadings((name) => desk.quarantines(name), { keepMs: 5000, most });

  function rowOf(
    platform: PlatformSeen,
    incidents: Seen<IncidentState[]>,
    answers: Seen<ReadonlyMap<string, Readiness>>,
  ): PlatformRow {
    const readiness = 'value' in answers ? answers.value.get(platform.platform) : undefined;
    return {
      ...summaryOf(platform, Date.now()),
      ...(readiness && { readiness: readinessSeen(readiness) }),
      incidents: 'value' in incidents ? incidents.value.filter((one) => one.platform === platform.platform).length : 0,
    };
  }

  async function detailsOf(name: string): Promise<PlatformDetails> {
    const platform = await watch.platform(name);
    const { file, temporal } = platform;
    const [incidents, answers, kept] = await Promise.all([
      seen(openIncidents()),
      seen(standing()),
      seen(quarantines(name)),
    ]);
    const wants = 'value' in file ? file.value : undefined;
    return {
      ...rowOf(platform, incidents, answers),
      ...(wants?.host !== undefined && { host: wants.host }),
      schedules: 'value' in temporal ? { value: temporal.value.schedules } : temporal,
      quarantines:
        'value' in kept
          ? {
              value: kept.value.map(({ run, phase, quarantine: workflow, volumes, bytes, releaseAt }) => ({
                run,
                phase,
                ...(volumes && { state: { workflow, volumes, bytes, releaseAt } }),
              })),
            }
          : kept,
      openIncidents:
        'value' in incidents ? { value: incidents.value.filter((one) => one.platform === name) } : incidents,
      approval: wants?.approval ?? { required: true, approvers: [], needed: 1 },
    };
  }

  const platforms = sharedReadings(detailsOf, { keepMs: 1000, most });
  const runs = sharedReadings((reference) => readRunDetails(desk, readReport, reference), { keepMs: 700, most });
  const single = sharedReadings((name) => fleets.look(name), { keepMs: 1000, most });
  const open = sharedReadings(() => fleets.list(), { keepMs: 1500, most: 1 });
  return {
    // With a thousand platforms it takes a while: who asks is served what was read last, and what is not known in time
    // follows with the events.
    platforms: sharedReading(
      async () => {
        const [platforms, incidents, answers] = await Promise.all([
          watch.all(rowsWaitMs),
          seen(openIncidents()),
          seen(standing()),
        ]);
        return platforms.map((platform) => rowOf(platform, incidents, answers));
      },
      { keepMs: 1000, staleMs: 30_000 },
    ),
    platform: platforms,
    run: runs,
    fleets: () => open('open'),
    fleet: single,
    incidents: sharedReading(() => link.use((client) => listIncidents(client)), { keepMs: 1500 }),
    forget() {
      for (const readings of [platforms, runs, quarantines, single, open]) readings.forget();
    },
  };
}
