import type { RunOutcome } from '../../../domain/runs/outcome.ts';
import { ageSeconds, digestPoints } from '../../../domain/recovery-points/points-digest.ts';
import { healthOf, type PlatformSeen } from '../../../domain/status/status.ts';
import { type Given, now, point, trouble, good, passed, seen, failed } from './status-samples.ts';

describe('when a platform is healthy', () => {
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

  test('a running backup is not a failure, and does not clear one', () => {
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
        incidents: [],
        worker: true,
      },
    } as const satisfies PlatformSeen['temporal'];
    const temporal = { value: { ...running.value, runs: [...running.value.runs] } };
    expect(healthOf(seen({ temporal }), now).state).toBe('good');
    expect(healthOf(seen({ temporal, outcomes: [failed()] }), now).state).toBe('failed');
  });

  test('the reason names all that is wrong, with figures', () => {
    const health = healthOf(seen({ outcomes: [failed()], objectiveSeconds: 60 }), now);
    expect(health.reason).toBe(
      'the last backup, backup/nuvla/1, ended as failed (SnapshotPartial) at 2026-11-21T11:45:00Z; ' +
        'the newest good recovery point, p-11:30, is 30 min 0 s old; the objective is 1 min 0 s',
    );
    expect(health.remedy).toContain('rekindle backup nuvla');
    const told = { message: 'shard 2 is missing', remedy: 'mend the shard' };
    expect(healthOf(seen({ outcomes: [failed()], lastFailure: told }), now).remedy).toBe('mend the shard');
  });

  test('backups that were skipped are named when the objective is missed, until one passes', () => {
    const skipped = failed({ phase: 'skipped', failure: undefined });
    const reason = (outcomes: RunOutcome[]) => healthOf(seen({ outcomes, objectiveSeconds: 60 }), now).reason;
    expect(reason([passed, skipped])).toContain('the last backup, backup/nuvla/1, was skipped at 2026-11-21T11:45:00Z');
    expect(reason([skipped, { ...passed, finishedAt: '2026-11-21T11:50:00Z' }])).not.toContain('skipped');
  });
});

describe('the digest of a list', () => {
  test('counts each point once by state, and takes the newest whatever the order', () => {
    const proven = point('2026-11-20T10:00:00Z', { provenAt: '2026-11-20T15:00:00Z' });
    const spoilt = point('2026-11-21T11:40:00Z', { bad: true, provenAt: '2026-11-21T11:50:00.500Z' });
    const going = point('2026-11-01T10:00:00Z', { bad: true, deleting: true });
    const pinned = point('2026-11-02T10:00:00Z', { pinned: true });
    const suspect = point('2026-11-21T11:45:00Z', { suspect: true });
    expect(digestPoints([proven, going, good, spoilt, pinned, suspect])).toEqual({
      good: 3,
      bad: 1,
      suspect: 1,
      deleting: 1,
      proven: 1,
      pinned: 1,
      newestGood: good,
      newestProven: proven,
      lastProofAt: '2026-11-21T11:50:00.500Z',
      lastProof: { id: proven.id, at: '2026-11-20T15:00:00Z' },
    });
    expect(digestPoints([])).toEqual({ good: 0, bad: 0, suspect: 0, deleting: 0, proven: 0, pinned: 0 });
  });

  test('ages are whole seconds, never negative', () => {
    expect(ageSeconds({ startedAt: '2026-11-21T11:59:58.400Z' }, now)).toBe(2);
    expect(ageSeconds({ startedAt: '2026-11-21T12:00:05Z' }, now)).toBe(0);
  });
});
