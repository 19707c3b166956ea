import type { RunOutcome } from '../../../domain/runs/outcome.ts';
import { scheduleText } from '../../../domain/status/status.ts';
import { combine, nothingKnown, statusOf } from '../../../domain/status/status-page.ts';
import { type Given, now, backup, trouble, seen, failed, noApproval } from './status-samples.ts';

describe('the page of one platform', () => {
  const never = { Exit_status: 0, Stdout: '', Stderr: '', ExitTime: '', Pid: 0, StartingTime: '' };

  test("has the cron wrapper's keys and types, before the first backup too", () => {
    const page = statusOf(seen({ points: [], outcomes: [] }), now);
    expect(Object.keys(page)).toEqual(['Running', 'Last', 'Schedule', 'Rekindle']);
    expect(page).toMatchObject({ Running: {}, Last: never, Schedule: '' });
  });

  test('of a backup that passed', () => {
    const page = statusOf(seen({ file: { value: { schedule: cron, approval: noApproval } } }), now);
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
    const page = statusOf(seen({ temporal: { value: { runs, schedules, incidents: [], worker: true } } }), now);
    expect(page.Running).toEqual({ 'backup/nuvla/2': { ...never, StartingTime: '2026-11-21T11:59:00Z' } });
    expect(page.Rekindle.runs).toHaveLength(2);
    expect(page.Rekindle.schedules).toEqual([
      { name: 'backup', workflow: 'backup', paused: false, nextAt: '2026-11-21T12:30:00Z' },
    ]);

    const without = statusOf(
      seen({ temporal: { trouble }, file: { value: { schedule: cron, approval: noApproval } } }),
      now,
    );
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
  test('schedules are shown in the words of a crontab', () => {
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

  test('an unhealthy one makes it bad, and its Last is at the top, however old', () => {
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
    const running = statusOf(
      { ...seen({ temporal: { value: { runs, schedules: [], incidents: [], worker: true } } }), platform: 'well' },
      now,
    );
    expect(Object.keys(combine([running, ill]).Running)).toEqual(['backup/well/2']);
  });

  test('when nothing is known it still has all keys', () => {
    const page = nothingKnown(trouble);
    expect(page).toMatchObject({ Running: {}, Last: { Exit_status: 0 }, Schedule: '', platforms: {} });
    expect(page.Rekindle).toEqual({ state: 'unknown', reason: 'S3 is away', remedy: 'start it' });
  });
});
