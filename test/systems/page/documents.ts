import type { HistoryEntry, PlatformDetails, PlatformRow, PointsPage, RunDetails } from '../../../api/types.ts';
import { failed, passed, warned } from '../../../domain/checks.ts';
import type { IncidentState } from '../../../domain/incidents/incident.ts';
import { planRestore } from '../../../domain/plans/plan-restore.ts';
import type { Plan } from '../../../domain/plans/plan.ts';
import { recoveryPointId } from '../../../domain/recovery-points/recovery-point.ts';
import { followPlan, startProgress } from '../../../domain/runs/progress.ts';
import { demoSituation } from '../../demo-situation.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const at = (now: number, ago: number) => new Date(now - ago).toISOString();
export const runId = 'restore/demo/2026-11-28t1300z';

/** What a gateway with one platform in trouble and some that are well would answer. */
export function platformRows(now: number, count = 8): PlatformRow[] {
  const names = ['nuvla', 'billing', 'search-eu', 'search-us', 'catalogue', 'payments', 'archive'];
  const others = Array.from({ length: count - 1 }, (_, index): PlatformRow => {
    const age = (index % 50) * minute;
    return {
      ...wellRow(names[index] ?? `platform-${String(index).padStart(4, '0')}`, now, age),
      ...(index === 1 && stale(now)),
      ...(index === 2 && { worker: 'absent' as const }),
      ...(index === 3 && { suspectPoints: 2 }),
      ...(index === 4 && { runs: { value: [runOf(names[4] ?? '', 'backup', 'running', now)] } }),
    };
  });
  return [demoRow(now), ...others];
}

const runOf = (platform: string, kind: 'restore' | 'backup', phase: string, now: number) => ({
  run: kind === 'restore' ? runId : `backup/${platform}/x`,
  platform,
  kind,
  phase,
  startedAt: at(now, 3 * minute),
});

function stale(now: number): Partial<PlatformRow> {
  const startedAt = at(now, 5 * hour);
  return {
    state: 'stale',
    reason: 'the newest good recovery point, 2026-11-28t0800z, is 5 h 0 min old; the objective is 1 h 0 min',
    remedy: 'Check "rekindle runs billing", then take a backup with "rekindle backup billing"',
    newestGood: { id: '2026-11-28t0800z', startedAt, ageSeconds: 18_000 },
  };
}

function wellRow(platform: string, now: number, age: number): PlatformRow {
  const point = (ago: number) => ({
    id: recoveryPointId(at(now, ago), new Set()),
    startedAt: at(now, ago),
    ageSeconds: ago / 1000,
  });
  return {
    platform,
    state: 'good',
    newestGood: point(age),
    newestProven: point(26 * hour),
    recoveryPoints: 62,
    recoveryPointObjectiveSeconds: 3600,
    recoveryTimeObjectiveSeconds: 1800,
    lastRestore: {
      run: `restore/${platform}/2026-11-20t0200z`,
      kind: 'restore',
      phase: 'passed',
      finishedAt: at(now, 8 * 24 * hour),
      durationSeconds: 742,
    },
    lastDrill: drillOf(platform, now, 2 * 24 * hour),
    drillObjectiveSeconds: 7 * 24 * 3600,
    readiness: ready(now, age),
    nextBackupAt: at(now, -24 * minute),
    runs: { value: [] },
    worker: 'working',
    incidents: 0,
  };
}

const drillOf = (platform: string, now: number, ago: number): NonNullable<PlatformRow['lastDrill']> => ({
  run: `drill/${platform}/2026-11-18t0400z`,
  kind: 'drill',
  phase: 'passed',
  finishedAt: at(now, ago),
  durationSeconds: 190,
});

const ready = (now: number, age: number): NonNullable<PlatformRow['readiness']> => ({
  verdict: 'ready',
  since: at(now, 6 * 24 * hour),
  at: at(now, 11 * minute),
  everyMinutes: 30,
  unmet: [],
  checks: 34,
  point: { id: recoveryPointId(at(now, age), new Set()), startedAt: at(now, age) },
  forecast: { downtimeSeconds: 760, basis: 'from 3 restores' },
});

export function demoRow(now: number): PlatformRow {
  return {
    ...wellRow('demo', now, 41 * minute),
    state: 'failed',
    reason: 'the last backup, backup/demo/2026-11-28t1230z, ended as failed (ElasticsearchUnreachable)',
    remedy: 'Check "rekindle runs demo", then take a backup with "rekindle backup demo"',
    suspectPoints: 1,
    runs: { value: [runOf('demo', 'restore', 'waiting for approval', now)] },
    incidents: 1,
  };
}

export function platformDetails(now: number): PlatformDetails {
  return {
    ...demoRow(now),
    host: 'machine',
    schedules: {
      value: [
        { name: 'backup', platform: 'demo', workflow: 'backup', paused: false, nextAt: at(now, -24 * minute) },
        { name: 'prune', platform: 'demo', workflow: 'prune', paused: true, note: 'paused by a restore' },
      ],
    },
    quarantines: keptBy('restore/demo/2026-11-27t0200z', now),
    openIncidents: { value: [incident(now)] },
    approval: { required: true, approvers: [], needed: 1 },
  };
}

/** Of a platform: it could not be restored now, a scrub found damage, and did not read everything in time; an upgrade is under way. */
export const notWell = (
  now: number,
): Pick<PlatformDetails, 'workerVersions' | 'scrubbed' | 'readiness' | 'lastDrill'> => ({
  lastDrill: drillOf('demo', now, 10.2 * 24 * hour),
  readiness: {
    ...ready(now, 41 * minute),
    verdict: 'not ready',
    since: at(now, 3 * hour),
    unmet: [
      {
        name: 'disk space',
        evidence: '21 GB are free on machine, 58 GB are wanted',
        remedy: 'Free some space on machine before the restore',
      },
      {
        name: 'objective drilled',
        evidence: 'The newest drill that passed, drill/demo/2026-11-18t0400z, ended 10.2 d ago; the objective is 7 d',
        remedy: 'Drill: rekindle drill demo',
      },
    ],
  },
  workerVersions: ['0.1.0+8c1f09ab42d1', '0.2.0+77e1c0ffee00'],
  scrubbed: [
    {
      store: 'documents',
      at: at(now, hour),
      days: 7,
      files: 412,
      recentFiles: 380,
      bytes: 48_200_000_000,
      recentBytes: 40_000_000_000,
      // Not on the hour: the page takes the time once a minute.
      oldest: at(now, 10 * 24 * hour + hour),
      damaged: 2,
    },
  ],
});

/** What a restore set aside. */
export const keptBy = (run: string, now: number): PlatformDetails['quarantines'] => ({
  value: [
    {
      run,
      phase: 'quarantined',
      state: {
        workflow: `quarantine/${run}`,
        volumes: ['demo_es-data', 'demo_zk-data'],
        bytes: 48_200_000_000,
        releaseAt: at(now, -46 * hour),
      },
    },
  ],
});

export function incident(now: number): IncidentState {
  return {
    id: 'pd-q1x',
    platform: 'demo',
    action: 'restore',
    rule: 'incidents.yaml: rules[0]',
    phase: 'proposing',
    source: 'pagerduty',
    incident: 'Q1X',
    title: 'Elasticsearch of demo does not answer',
    url: 'https://example.pagerduty.com/incidents/Q1X',
    openedAt: at(now, 6 * minute),
    acknowledgedAt: at(now, 4 * minute),
    preflight: { at: at(now, 5 * minute), verdict: 'pass', checks: checks() },
    run: { id: runId, kind: 'restore', phase: 'waiting for approval' },
    story: [
      { at: at(now, 6 * minute), text: 'PagerDuty opened it' },
      { at: at(now, 5 * minute), text: 'Preflight passed: 3 checks' },
      { at: at(now, 4 * minute), text: 'Proposed a restore, which waits for approval' },
    ],
    told: [{ at: at(now, 4 * minute), to: 'PagerDuty', text: 'Note with the plan and a link to this page' }],
  };
}

export const checks = () => [
  failed(
    'store documents',
    'Elasticsearch at elasticsearch:9200 does not answer: connection refused',
    'Look at the container demo_elasticsearch_1, or restore: preflight read the snapshot without it',
  ),
  warned('disk space', '61 GB are free, 58 GB are wanted', 'Free some space on machine before the restore'),
  passed('repository', 's3_backup: 62 snapshots, read from the bucket'),
  passed('images', 'all 5 images are on this host'),
  passed('snapshot', 'snapshot.2026-11-21t0930z: SUCCESS, 2 indices, 4 shards'),
];

export function pointsPage(now: number, first = 0, count = 20): PointsPage {
  const points = Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const startedAt = at(now, 41 * minute + number * hour);
    return {
      id: recoveryPointId(startedAt, new Set()),
      startedAt,
      durationSeconds: 48 + ((number * 7) % 30),
      totalBytes: 48_200_000_000 - number * 11_000_000,
      incrementalBytes: 210_000_000 + ((number * 37) % 90) * 1_000_000,
      indices: 42,
      documents: 18_204_113 - number * 1204,
      pinned: number === 3,
      ...(number === 3 && { pinnedBy: ['person/ann'] }),
      ...(number === 2 && { suspect: true as const }),
      ...(number % 9 === 5 && { provenAt: at(now, 20 * hour) }),
      bad: false,
      deleting: false,
    };
  });
  return { points, ...(first + count < 60 && { next: points.at(-1)?.id }) };
}

export function history(now: number): HistoryEntry[] {
  const backups = Array.from({ length: 90 }, (_, index): HistoryEntry => {
    const fails = index === 0 || index === 31 || index === 32;
    return {
      run: `backup/demo/${index}`,
      kind: 'backup',
      phase: fails ? 'failed' : 'passed',
      finishedAt: at(now, 20 * minute + index * hour),
      durationSeconds: fails ? 300 : 48 + ((index * 7) % 30) + (index % 24 === 3 ? 60 : 0),
      ...(fails
        ? { failure: 'ElasticsearchUnreachable' as const }
        : { incrementalBytes: (210 + ((index * 37) % 90)) * 1e6 }),
      ...(index === 3 && { suspect: true as const }),
    };
  });
  const restores = Array.from({ length: 6 }, (_, index): HistoryEntry => {
    const phase = index === 4 ? 'failed' : 'passed';
    const durationSeconds = 742 + index * 60;
    return {
      run: `restore/demo/${index}`,
      kind: 'restore',
      phase,
      finishedAt: at(now, index * 30 * 24 * hour + hour),
      durationSeconds,
    };
  });
  return [...backups, ...restores];
}

export const plan = (): Plan => ({ ...planRestore(demoSituation()), hash: 'c0ffee'.repeat(10) + '0000' });

/** A restore that waits for its approval. */
export function waitingRun(now: number): RunDetails {
  const progress = startProgress(runId, 'restore', 'demo', at(now, 3 * minute));
  followPlan(progress, plan());
  Object.assign(progress, {
    phase: 'waiting for approval',
    startedBy: { how: 'incident', name: 'incident/pd-q1x' },
    approvalsNeeded: 1,
    approvalUntil: at(now, -57 * minute),
    checks: checks().slice(1),
    forecast: {
      downtimeSeconds: 760,
      basis: 'from 3 earlier restores',
      lost: [
        {
          store: 'documents',
          since: '2026-11-21T09:30:12.000Z',
          indices: [
            { index: 'nuvla-job', atLeast: 1240, atMost: 1260 },
            { index: 'nuvla-new', atLeast: 12, atMost: 12, note: 'not in the recovery point' },
          ],
        },
      ],
    },
  });
  const run = {
    id: runId,
    kind: 'restore',
    platform: 'demo',
    status: 'Running',
    phase: progress.phase,
    verdict: '',
    startedAt: progress.startedAt,
  };
  return { run, progress, plan: plan(), pending: [], cutOff: false };
}
