import { ageSeconds, type PointsDigest } from '../domain/recovery-points/points-digest.ts';
import type { Coverage } from '../domain/scrub/coverage.ts';
import type { RecoveryPointSummary } from '../domain/recovery-points/recovery-point.ts';
import { hasFailed } from '../domain/status/last-runs.ts';
import { healthOf, type PlatformSeen, type ScheduleSeen, type Seen } from '../domain/status/status.ts';

/** A number with its labels in addition to `platform`. */
export interface Sample {
  labels?: Record<string, string>;
  value: number;
}

export interface PlatformGauge {
  name: string;
  help: string;
  labelNames: string[];
  /** An unknown value has no sample, rather than an old or invented one. `now` in milliseconds. */
  samples: (seen: PlatformSeen, now: number) => Sample[];
}

/** At most this many schedules of a platform are exported: more is a mistake somewhere, and must not flood the metrics. */
const mostSchedules = 50;

const flag = (yes: boolean) => (yes ? 1 : 0);
const seconds = (time: string) => Date.parse(time) / 1000;
const known = <T>(seen: Seen<T>): T | undefined => ('value' in seen ? seen.value : undefined);
/** Numbers of some points would look as if the others were gone. */
const allPoints = ({ catalogue }: PlatformSeen): PointsDigest | undefined => {
  const { partial, points } = known(catalogue) ?? {};
  return partial ? undefined : points;
};

/** One number for a platform, or none. */
function number(
  name: string,
  help: string,
  value: (seen: PlatformSeen, now: number) => number | undefined,
): PlatformGauge {
  const samples: PlatformGauge['samples'] = (seen, now) => {
    const found = value(seen, now);
    return found === undefined ? [] : [{ value: found }];
  };
  return { name: `rekindle_${name}`, help, labelNames: [], samples };
}

const points = (name: string, help: string, value: (digest: PointsDigest) => number | undefined) =>
  number(name, help, (seen) => {
    const digest = allPoints(seen);
    return digest && value(digest);
  });

function pointGauges(
  of: 'newestGood' | 'newestProven',
  what: string,
  rows: [string, string, (point: RecoveryPointSummary, now: number) => number | undefined][],
): PlatformGauge[] {
  const prefix = of === 'newestGood' ? 'newest_good' : 'newest_proven';
  return rows.map(([name, help, value]) =>
    number(`${prefix}_recovery_point_${name}`, `${help} of ${what}`, ({ catalogue }, now) => {
      const point = known(catalogue)?.points[of];
      return point && value(point, now);
    }),
  );
}

const lastBackup: PlatformGauge[] = [
  number('last_backup_successful', 'Whether the last backup that ended passed: 1 yes, 0 no.', ({ catalogue }) => {
    const last = known(catalogue)?.lastBackup;
    return last && flag(!hasFailed(last));
  }),
  number('last_backup_timestamp_seconds', 'When the last backup ended, in seconds since 1970.', ({ catalogue }) => {
    const last = known(catalogue)?.lastBackup;
    return last && seconds(last.finishedAt);
  }),
  number('last_backup_duration_seconds', 'How long the last backup took, in seconds.', ({ catalogue }) => {
    return known(catalogue)?.lastBackup?.durationSeconds;
  }),
];

const schedules = (
  name: string,
  help: string,
  value: (schedule: ScheduleSeen) => number | undefined,
): PlatformGauge => ({
  name: `rekindle_schedule_${name}`,
  help,
  labelNames: ['schedule'],
  samples: ({ temporal }) =>
    (known(temporal)?.schedules ?? []).slice(0, mostSchedules).flatMap((schedule) => {
      const found = value(schedule);
      return found === undefined ? [] : [{ labels: { schedule: schedule.name }, value: found }];
    }),
});

/** Together what has the same labels. */
function grouped<T>(items: readonly T[] = [], labelsOf: (item: T) => Record<string, string>) {
  const groups = new Map<string, { labels: Record<string, string>; members: T[] }>();
  for (const item of items) {
    const labels = labelsOf(item);
    const key = JSON.stringify(labels);
    groups.set(key, { labels, members: [...(groups.get(key)?.members ?? []), item] });
  }
  return [...groups.values()];
}

const runPhase: PlatformGauge = {
  name: 'rekindle_run_phase',
  help: 'Runs under way in a phase; no sample when there is none.',
  labelNames: ['kind', 'phase'],
  samples: ({ temporal }) =>
    grouped(known(temporal)?.runs, ({ kind, phase }) => ({ kind, phase })).map(({ labels, members }) => ({
      labels,
      value: members.length,
    })),
};

const openIncidents: PlatformGauge[] = [
  {
    name: 'rekindle_incidents_open',
    help: 'Incidents that have not ended, by the tool that reported them and the phase of their workflow; no sample when there is none.',
    labelNames: ['source', 'phase'],
    samples: ({ temporal }) =>
      grouped(known(temporal)?.incidents, ({ source, phase }) => ({ source, phase })).map(({ labels, members }) => ({
        labels,
        value: members.length,
      })),
  },
  {
    name: 'rekindle_incident_oldest_open_seconds',
    help: 'Since when the oldest incident in a phase is open, in seconds; no sample when there is none.',
    labelNames: ['phase'],
    samples: ({ temporal }, now) =>
      grouped(known(temporal)?.incidents, ({ phase }) => ({ phase })).map(({ labels, members }) => ({
        labels,
        value: Math.max(0, now / 1000 - Math.min(...members.map(({ startedAt }) => seconds(startedAt)))),
      })),
  },
];

const recoveryPoints: PlatformGauge = {
  name: 'rekindle_recovery_points',
  help: 'Recovery points in the catalogue, by state: good, bad, suspect, deleting.',
  labelNames: ['state'],
  samples: (seen) => {
    const digest = allPoints(seen);
    if (!digest) return [];
    return (['good', 'bad', 'suspect', 'deleting'] as const).map((state) => ({
      labels: { state },
      value: digest[state],
    }));
  },
};

const scrubbed = (name: string, help: string, value: (coverage: Coverage) => number | undefined): PlatformGauge => ({
  name: `rekindle_scrub_${name}`,
  help,
  labelNames: ['store'],
  samples: ({ catalogue }) =>
    (known(catalogue)?.scrubbed ?? []).flatMap((coverage) => {
      const found = value(coverage);
      return found === undefined ? [] : [{ labels: { store: coverage.store }, value: found }];
    }),
});

const scrubs: PlatformGauge[] = [
  scrubbed('last_timestamp_seconds', 'When a scrub last began, in seconds since 1970.', ({ at }) => seconds(at)),
  scrubbed('bytes', 'Bytes of all files that recovery points refer to.', ({ bytes }) => bytes),
  scrubbed(
    'recent_bytes',
    'Bytes of those files that were read and compared within backup.scrubDays.',
    ({ recentBytes }) => recentBytes,
  ),
  scrubbed(
    'oldest_read_timestamp_seconds',
    'When the file was read that was not read for longest, in seconds since 1970; no sample while some were never read.',
    ({ oldest }) => (oldest === undefined ? undefined : seconds(oldest)),
  ),
  scrubbed('damaged_files', 'Files that are damaged or missing.', ({ damaged }) => damaged),
];

export const platformGauges: readonly PlatformGauge[] = [
  number('platform_healthy', 'Whether /status answers 200 for the platform: 1 yes, 0 no.', (seen, now) =>
    flag(healthOf(seen, now).state === 'good'),
  ),
  number('platform_file_valid', 'Whether the platform file can be used: 1 yes, 0 no.', ({ file }) =>
    flag('value' in file),
  ),
  number('catalogue_reachable', 'Whether the catalogue can be read: 1 yes, 0 no.', ({ file, catalogue }) =>
    'value' in file ? flag('value' in catalogue) : undefined,
  ),
  number(
    'platform_worker_polling',
    'Whether a worker takes the work of the platform: 1 yes, 0 no; no sample while Temporal does not answer.',
    ({ worker }) => (worker === 'unknown' ? undefined : flag(worker === 'working')),
  ),
  number(
    'recovery_point_objective_seconds',
    'RPO: how old the newest good recovery point may be according to the platform file, in seconds.',
    ({ file }) => known(file)?.objectiveSeconds,
  ),
  number(
    'recovery_time_objective_seconds',
    'RTO: how long a restore may take according to the platform file, in seconds.',
    ({ file }) => known(file)?.recoveryTimeSeconds,
  ),
  number(
    'drill_objective_seconds',
    'How old the newest drill that passed may be according to the platform file, in seconds.',
    ({ file }) => known(file)?.drilledSeconds,
  ),
  ...pointGauges('newestGood', 'the newest good recovery point.', [
    ['age_seconds', 'Age in seconds of the data', ageSeconds],
    ['timestamp_seconds', 'Start, in seconds since 1970,', ({ startedAt }) => seconds(startedAt)],
    ['duration_seconds', 'Duration in seconds', ({ durationSeconds }) => durationSeconds],
    ['bytes', 'Bytes of all files', ({ totalBytes }) => totalBytes],
    ['incremental_bytes', 'Bytes of the new files', ({ incrementalBytes }) => incrementalBytes],
    ['documents', 'Documents', ({ documents }) => documents],
    ['indices', 'Indices', ({ indices }) => indices],
  ]),
  ...pointGauges('newestProven', 'the newest recovery point that a restore has proven.', [
    ['age_seconds', 'Age in seconds of the data', ageSeconds],
    ['timestamp_seconds', 'Start, in seconds since 1970,', ({ startedAt }) => seconds(startedAt)],
  ]),
  number('last_drill_timestamp_seconds', 'When a drill last passed, in seconds since 1970.', ({ catalogue }) => {
    const last = known(catalogue)?.lastDrill;
    return last && seconds(last.finishedAt);
  }),
  points(
    'last_proof_timestamp_seconds',
    'When a restore last proved a recovery point, in seconds since 1970.',
    (digest) => (digest.lastProofAt === undefined ? undefined : seconds(digest.lastProofAt)),
  ),
  recoveryPoints,
  points('recovery_points_proven', 'Good recovery points that a restore has proven.', ({ proven }) => proven),
  points('recovery_points_pinned', 'Recovery points that are pinned.', ({ pinned }) => pinned),
  ...lastBackup,
  ...scrubs,
  runPhase,
  ...openIncidents,
  schedules('paused', 'Whether the schedule is paused: 1 yes, 0 no.', ({ paused }) => flag(paused)),
  schedules('next_timestamp_seconds', 'When the schedule starts next, in seconds since 1970.', ({ nextAt, paused }) =>
    nextAt === undefined || paused ? undefined : seconds(nextAt),
  ),
];
