import type { RunOutcome } from '../../../domain/runs/outcome.ts';
import { ageSeconds, digestPoints } from '../../../domain/recovery-points/points-digest.ts';
import type { RecoveryPointSummary } from '../../../domain/recovery-points/recovery-point.ts';
import {
  healthOf,
  lastBackupOf,
  scheduleText,
  type PlatformSeen,
  type Trouble,
} from '../../../domain/status/status.ts';
import { combine, nothingKnown, statusOf } from '../../../domain/status/status-page.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

const point = (startedAt: string, more: Partial<RecoveryPointSummary> = {}): RecoveryPointSummary => ({
  id: `p-${startedAt.slice(11, 16)}`,
  startedAt,
  durationSeconds: 3,
  totalBytes: 2000,
  incrementalBytes: 100,
  indices: 6,
  documents: 23_000,
  pinned: false,
  bad: false,
  deleting: false,
  ...more,
});
const backup = (finishedAt: string, more: Partial<RunOutcome> = {}): RunOutcome => ({
  run: 'backup/nuvla/1',
  kind: 'backup',
  phase: 'passed',
  finishedAt,
  durationSeconds: 7,
  recoveryPoint: 'p-11:30',
  ...more,
});
const trouble: Trouble = { kind: 'ObjectStorageUnreachable', message: 'S3 is away', remedy: 'start it' };

interface Given {
  points?: RecoveryPointSummary[];
  outcomes?: RunOutcome[];
  objectiveSeconds?: number;
  file?: PlatformSeen['file'];
  catalogue?: PlatformSeen['catalogue'];
  temporal?: PlatformSeen['temporal'];
  lastFailure?: { message: string; remedy: string };
}
const good = point('2026-11-21T11:30:00Z');
const passed = backup('2026-11-21T11:30:07.250Z');

function seen({ points = [good], outcomes = [passed], objectiveSeconds, lastFailure, ...more }: Given): PlatformSeen {
  return {
    platform: 'nuvla',
    file: { value: { objectiveSeconds } },
    catalogue: { value: { points: digestPoints(points), lastBackup: lastBackupOf(outcomes), lastFailure } },
    temporal: { value: { runs: [], schedules: [] } },
    ...more,
  };
}
const failed = (more: Partial<RunOutcome> = {}) =>
  backup('2026-11-21T11:45:00Z', { phase: 'failed', failure: 'SnapshotPartial', recoveryPoint: undefined, ...more });

describe('when a platform is well', () => {
  test.each<[string, Given, string]>([
    ['a good point and no objective', {}, 'good'],
    ['within the objective', { objectiveSeconds: 1800 }, 'good'],
    ['a second older than the objective', { objectiveSeconds: 1799 }, 'stale'],
    ['no point at all', { points: [], outcomes: [] }, 'none'],
    ['only a bad point', { points: [{ ...good, bad: true }] }, 'none'],
    ['only one that is being deleted', { points: [{ ...good, deleting: true }] }, 'none'],
    ['a newer point is bad', { points: [point('2026-11-21T11:50:00Z', { bad: true }), good] }, 'good'],
    [
      'a newer point is bad, the good one too old',
      { points: [point('2026-11-21T11:50:00Z', { bad: true }), good], objectiveSeconds: 900 },
      'stale',
    ],
    ['the last backup failed', { outcomes: [passed, failed()] }, 'failed'],
    [
      'it failed, and was older than the one that passed',
      { outcomes: [failed({ finishedAt: '2026-11-21T11:00:00Z' }), passed] },
      'good',
    ],
    ['it was refused', { outcomes: [passed, failed({ phase: 'refused' })] }, 'failed'],
    ['it was cancelled', { outcomes: [passed, failed({ phase: 'cancelled', failure: undefined })] }, 'failed'],
    ['it was skipped', { outcomes: [passed, failed({ phase: 'skipped', failure: undefined })] }, 'good'],
    ['a restore failed', { outcomes: [passed, failed({ kind: 'restore' })] }, 'good'],
    ['a prune failed', { outcomes: [passed, failed({ kind: 'prune' })] }, 'good'],
    ['no backup ended yet, as in a catalogue of an older version', { outcomes: [] }, 'good'],
    ['the first backup failed', { points: [], outcomes: [failed()] }, 'none'],
    ['a point of the future: clocks differ', { points: [point('2026-11-21T12:00:30Z')], objectiveSeconds: 60 }, 'good'],
    ['the catalogue cannot be read', { catalogue: { trouble } }, 'unknown'],
    ['the platform file cannot be used', { file: { trouble } }, 'unknown'],
    ['Temporal is away', { temporal: { trouble } }, 'good'],
    ['Temporal is away and the point too old', { temporal: { trouble }, objectiveSeconds: 60 }, 'stale'],
  ])('%s', (_, given, state) => {
    const health = healthOf(seen(given), now);
    expect(health.state).toBe(state);
    expect(health.reason === undefined).toBe(state === 'good');
    expect(health.remedy === undefined).toBe(state === 'good');
  });

  test('a backup that runs is no failure, and does not mend one', () => {
    const running = {
      value: {
        runs: [
          {
            run: 'backup/nuvla/2',
            platform: 'nuvla',
            kind: 'backup',
            phase: 'running',
            startedAt: '2026-11-21T11:59:00Z',
          },
        ],
        schedules: [],
      },
    } as const satisfies PlatformSeen['temporal'];
    const temporal = { value: { runs: [...running.value.runs], schedules: [] } };
    expect(healthOf(seen({ temporal }), now).state).toBe('good');
    expect(healthOf(seen({ temporal, outcomes: [failed()] }), now).state).toBe('failed');
  });

  test('the reason names all that is wrong, with figures', () => {
    const health = healthOf(seen({ outcomes: [failed()], objectiveSeconds: 60 }), now);
    expect(health.reason).toBe(
      'the last backup, backup/nuvla/1, ended as failed (SnapshotPartial) at 2026-11-21T11:45:00Z; ' +
        'the newest good recovery point, p-11:30, is 1800 s old; the objective is 60 s',
    );
    expect(health.remedy).toContain('rekindle backup nuvla');
    const told = { message: 'shard 2 is missing', remedy: 'mend the shard' };
    expect(healthOf(seen({ outcomes: [failed()], lastFailure: told }), now).remedy).toBe('mend the shard');
  });
});

describe('the digest of a list', () => {
  test('counts each point once by state, and takes the newest whatever the order', () => {
    const proven = point('2026-11-20T10:00:00Z', { provenAt: '2026-11-20T15:00:00Z' });
    const spoilt = point('2026-11-21T11:40:00Z', { bad: true, provenAt: '2026-11-21T11:50:00.500Z' });
    const going = point('2026-11-01T10:00:00Z', { bad: true, deleting: true });
    const pinned = point('2026-11-02T10:00:00Z', { pinned: true });
    expect(digestPoints([proven, going, good, spoilt, pinned])).toEqual({
      good: 3,
      bad: 1,
      deleting: 1,
      proven: 1,
      pinned: 1,
      newestGood: good,
      newestProven: proven,
      lastProofAt: '2026-11-21T11:50:00.500Z',
    });
    expect(digestPoints([])).toEqual({ good: 0, bad: 0, deleting: 0, proven: 0, pinned: 0 });
  });

  test('ages are whole seconds, never negative', () => {
    expect(ageSeconds({ startedAt: '2026-11-21T11:59:58.400Z' }, now)).toBe(2);
    expect(ageSeconds({ startedAt: '2026-11-21T12:00:05Z' }, now)).toBe(0);
  });
});

describe('the page of one platform', () => {
  const never = { Exit_status: 0, Stdout: '', Stderr: '', ExitTime: '', Pid: 0, StartingTime: '' };

  test("has the cron wrapper's keys and types, before the first backup too", () => {
    const page = statusOf(seen({ points: [], outcomes: [] }), now);
    expect(Object.keys(page)).toEqual(['Running', 'Last', 'Schedule', 'Rekindle']);
    expect(page).toMatchObject({ Running: {}, Last: never, Schedule: '' });
  });

  test('of a backup that passed', () => {
    const page = statusOf(seen({ file: { value: { schedule: cron } } }), now);
    expect(page.Last).toEqual({
      Exit_status: 0,
      Stdout: 'recovery point p-11:30: 23000 documents in 6 indices, 2000 bytes (100 new)\n',
      Stderr: '',
      ExitTime: '2026-11-21T11:30:07Z',
      Pid: 0,
      StartingTime: '2026-11-21T11:30:00Z',
    });
    expect(page.Schedule).toBe('30 * * * *');
    expect(page.Rekindle).toMatchObject({
      platform: 'nuvla',
      state: 'good',
      newestGood: { id: 'p-11:30', ageSeconds: 1800 },
      recoveryPoints: 1,
      runs: [],
      schedules: [],
      catalogue: { reachable: true },
      temporal: { reachable: true },
    });
  });

  test.each<[string, RunOutcome, Given['lastFailure'], number, string]>([
    [
      'that failed',
      failed(),
      { message: 'shard 2 is missing', remedy: 'mend it' },
      1,
      'SnapshotPartial: shard 2 is missing\n→ mend it\n',
    ],
    ['whose report is not there', failed(), undefined, 1, 'SnapshotPartial: backup/nuvla/1 ended as failed\n'],
    [
      'that was refused',
      failed({ phase: 'refused', failure: 'PreflightRefused' }),
      undefined,
      3,
      'PreflightRefused: backup/nuvla/1 ended as refused\n',
    ],
    [
      'that was cancelled',
      failed({ phase: 'cancelled', failure: undefined }),
      undefined,
      1,
      'backup/nuvla/1 ended as cancelled\n',
    ],
  ])('of a backup %s', (_, outcome, lastFailure, status, stderr) => {
    const { Last } = statusOf(seen({ outcomes: [outcome], lastFailure }), now);
    expect(Last).toMatchObject({ Exit_status: status, Stdout: '', Stderr: stderr, ExitTime: '2026-11-21T11:45:00Z' });
  });

  test('shows what runs and when it starts next; without Temporal it says that it does not know', () => {
    const runs = [
      {
        run: 'backup/nuvla/2',
        platform: 'nuvla',
        kind: 'backup' as const,
        phase: 'running',
        startedAt: '2026-11-21T11:59:00.123Z',
      },
      {
        run: 'quarantine/x',
        platform: 'nuvla',
        kind: 'quarantine' as const,
        phase: 'quarantined',
        startedAt: '2026-11-20T11:59:00Z',
      },
    ];
    const schedules = [
      { name: 'backup', platform: 'nuvla', workflow: 'backup', paused: false, nextAt: '2026-11-21T12:30:00Z' },
    ];
    const page = statusOf(seen({ temporal: { value: { runs, schedules } } }), now);
    expect(page.Running).toEqual({ 'backup/nuvla/2': { ...never, StartingTime: '2026-11-21T11:59:00Z' } });
    expect(page.Rekindle.runs).toHaveLength(2);
    expect(page.Rekindle.schedules).toEqual([
      { name: 'backup', workflow: 'backup', paused: false, nextAt: '2026-11-21T12:30:00Z' },
    ]);

    const without = statusOf(seen({ temporal: { trouble }, file: { value: { schedule: cron } } }), now);
    expect(without).toMatchObject({ Running: {}, Schedule: '30 * * * *' });
    expect(without.Rekindle).toMatchObject({
      state: 'good',
      runs: 'unknown',
      schedules: 'unknown',
      temporal: { reachable: false, reason: 'S3 is away' },
    });
  });

  test('of a catalogue out of reach says why, and has all keys', () => {
    const page = statusOf(seen({ catalogue: { trouble } }), now);
    expect(page.Last).toEqual(never);
    expect(page.Rekindle).toMatchObject({
      state: 'unknown',
      reason: 'S3 is away',
      remedy: 'start it',
      catalogue: { reachable: false },
    });
  });

  const cron = { cron: '30 * * * *', timeZone: 'UTC', jitterSeconds: 0, catchUpSeconds: 60 };
  test('schedules are told in the words of a crontab', () => {
    const often = { timeZone: 'UTC', jitterSeconds: 0, catchUpSeconds: 60 };
    expect(scheduleText(cron)).toBe('30 * * * *');
    expect(scheduleText({ everySeconds: 3600, offsetSeconds: 0, ...often })).toBe('@every 3600s');
    expect(scheduleText(undefined)).toBe('');
  });
});

describe('the page of several platforms', () => {
  const well = statusOf({ ...seen({}), platform: 'well' }, now);
  const ill = statusOf(
    { ...seen({ outcomes: [failed({ finishedAt: '2026-11-21T09:00:00Z' })] }), platform: 'ill' },
    now,
  );
  const old = statusOf({ ...seen({ objectiveSeconds: 60 }), platform: 'old' }, now);

  test('is good when all are, and its Last is the newest', () => {
    const page = combine([
      well,
      statusOf({ ...seen({ outcomes: [backup('2026-11-21T11:50:00Z')] }), platform: 'other' }, now),
    ]);
    expect(page.Rekindle).toEqual({ state: 'good' });
    expect(page.Last.ExitTime).toBe('2026-11-21T11:50:00Z');
    expect(Object.keys(page.platforms)).toEqual(['well', 'other']);
  });

  test('one that is ill makes it bad, and its Last stands at the top, however old', () => {
    const page = combine([well, ill, old]);
    expect(page.Rekindle.state).toBe('bad');
    expect(page.Rekindle.reason).toMatch(/^ill: the last backup.*; old: the newest good recovery point/);
    expect(page.Last).toEqual(ill.Last);
  });

  test('runs of all stand together', () => {
    const runs = [
      {
        run: 'backup/well/2',
        platform: 'well',
        kind: 'backup' as const,
        phase: 'running',
        startedAt: '2026-11-21T11:59:00Z',
      },
    ];
    const running = statusOf({ ...seen({ temporal: { value: { runs, schedules: [] } } }), platform: 'well' }, now);
    expect(Object.keys(combine([running, ill]).Running)).toEqual(['backup/well/2']);
  });

  test('when nothing is known it has the keys all the same', () => {
    const page = nothingKnown(trouble);
    expect(page).toMatchObject({ Running: {}, Last: { Exit_status: 0 }, Schedule: '', platforms: {} });
    expect(page.Rekindle).toEqual({ state: 'unknown', reason: 'S3 is away', remedy: 'start it' });
  });
});
