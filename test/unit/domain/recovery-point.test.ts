import {
  choosePoint,
  recoveryPointId,
  snapshotNameOf,
  type RecoveryPointSummary,
} from '../../../domain/recovery-points/recovery-point.ts';

describe('the id of a recovery point', () => {
  test('is its time to the minute, in the lower case that snapshot names need', () => {
    expect(recoveryPointId('2026-11-21T09:30:12.345Z', new Set())).toBe('2026-11-21t0930z');
    expect(snapshotNameOf('2026-11-21t0930z')).toBe('snapshot.2026-11-21t0930z');
  });

  test('has seconds when the minute is taken', () => {
    expect(recoveryPointId('2026-11-21T09:30:12Z', new Set(['2026-11-21t0930z']))).toBe('2026-11-21t093012z');
  });

  test('refuses what is not a time', () => {
    expect(() => recoveryPointId('yesterday', new Set())).toThrow('yesterday');
  });
});

describe('the choice of a recovery point', () => {
  const point = (day: number, more: Partial<RecoveryPointSummary> = {}): RecoveryPointSummary => ({
    id: `2026-11-0${day}t0900z`,
    startedAt: `2026-11-0${day}T09:00:00.000Z`,
    durationSeconds: 10,
    totalBytes: 1,
    incrementalBytes: 1,
    indices: 1,
    documents: 1,
    pinned: false,
    bad: false,
    deleting: false,
    ...more,
  });
  const provenAt = '2026-11-05T00:00:00Z';
  const points = [point(2), point(4), point(1, { provenAt }), point(3, { provenAt })];
  const idOf = (...args: Parameters<typeof choosePoint>) => choosePoint(...args)?.id;

  test('latest, proven, by id, before a time', () => {
    expect(idOf(points, { latest: true })).toBe('2026-11-04t0900z');
    expect(idOf(points, { proven: true })).toBe('2026-11-03t0900z');
    expect(idOf(points, { id: '2026-11-02t0900z' })).toBe('2026-11-02t0900z');
    expect(idOf(points, { before: '2026-11-03T08:59:59.000Z' })).toBe('2026-11-02t0900z');
    expect(idOf(points, { before: '2026-11-03T09:00:00.000Z' })).toBe('2026-11-02t0900z');
  });

  test('a time to the second and one to the millisecond are compared as times', () => {
    const atSecond = [point(1, { startedAt: '2026-11-01T09:00:00Z' })];
    expect(idOf(atSecond, { before: '2026-11-01T09:00:00.001Z' })).toBe('2026-11-01t0900z');
    expect(idOf(atSecond, { before: '2026-11-01T09:00:00.000Z' })).toBeUndefined();
  });

  test('never one that is bad or being deleted, not even by its id', () => {
    const spoilt = [point(4, { bad: true }), point(3, { deleting: true, provenAt }), point(2)];
    expect(idOf(spoilt, { latest: true })).toBe('2026-11-02t0900z');
    expect(idOf(spoilt, { proven: true })).toBeUndefined();
    expect(idOf(spoilt, { id: '2026-11-04t0900z' })).toBeUndefined();
  });

  test('a suspect one by its id alone', () => {
    const suspect = [point(4, { suspect: true, provenAt }), point(2)];
    expect(idOf(suspect, { latest: true })).toBe('2026-11-02t0900z');
    expect(idOf(suspect, { proven: true })).toBeUndefined();
    expect(idOf(suspect, { before: '2026-11-05T00:00:00Z' })).toBe('2026-11-02t0900z');
    expect(idOf(suspect, { id: '2026-11-04t0900z' })).toBe('2026-11-04t0900z');
  });

  test('none among none', () => {
    expect(idOf([], { latest: true })).toBeUndefined();
    expect(idOf(points, { before: '2026-11-01T09:00:00.000Z' })).toBeUndefined();
  });
});
