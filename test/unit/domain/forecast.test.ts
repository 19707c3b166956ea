import { forecastDowntime } from '../../../domain/runs/downtime.ts';
import { lostOperations } from '../../../domain/runs/forecast.ts';
import { startProgress, type RunProgress } from '../../../domain/runs/progress.ts';
import type { ExpectedIndex } from '../../../domain/recovery-points/recovery-point.ts';
import { bytesOf } from '../../../systems/elasticsearch/units.ts';

const index = (change: Partial<ExpectedIndex> = {}): ExpectedIndex => ({
  name: 'nuvla-job',
  state: 'open',
  primaries: 1,
  aliases: [],
  documents: { atLeast: 10, atMost: 10 },
  samples: [],
  operations: { uuid: 'u1', before: 10, after: 12 },
  ...change,
});
const now = (seqNos: number[], uuid = 'u1', count = 10) => ({ 'nuvla-job': { uuid, seqNos, count } });

describe('data that will be lost', () => {
  test('is bounded by the sequence numbers on both sides of the snapshot', () => {
    expect(lostOperations([index()], now([7, 11]))).toEqual([{ index: 'nuvla-job', atLeast: 8, atMost: 10 }]);
  });

  test('an index that saw nothing since is not named', () => {
    expect(lostOperations([index({ operations: { uuid: 'u1', before: 12, after: 12 } })], now([11]))).toEqual([]);
  });

  test('an index that is newer, was created again, or is of an older recovery point is named with the reason', () => {
    expect(lostOperations([], now([4], 'u9', 5))).toMatchObject([{ atLeast: 5, note: 'not in the recovery point' }]);
    expect(lostOperations([index()], now([4], 'u9', 5))).toMatchObject([{ atLeast: 0, atMost: 5 }]);
    expect(lostOperations([index({ operations: undefined })], now([4]))).toMatchObject([
      { note: expect.stringMatching(/older/) as unknown },
    ]);
  });
});

describe('downtime', () => {
  /** Stops at second 0, restores from 10 to 20, and is up at 30. */
  const report: RunProgress = {
    ...startProgress('restore/demo/1', 'restore', 'demo', '2026-11-21T10:00:00.000Z'),
    steps: [
      ['stopService', 0, 5],
      ['restoreIndices', 10, 20],
      ['startService', 20, 30],
    ].map(([action, from, to]) => ({
      id: String(action),
      action: action as 'stopService',
      title: '',
      status: 'done',
      startedAt: new Date(Number(from) * 1000).toISOString(),
      finishedAt: new Date(Number(to) * 1000).toISOString(),
    })),
  };

  test('is what earlier restores took apart from moving bytes, and the bytes at their pace', () => {
    const earlier = [{ report, totalBytes: 1000 }];
    expect(forecastDowntime(earlier, { totalBytes: 3000 })).toMatchObject({ downtimeSeconds: 20 + 30 });
    expect(forecastDowntime(earlier, { totalBytes: 3000, throttleBytesPerSecond: 50 })).toMatchObject({
      downtimeSeconds: 20 + 60,
    });
  });

  test('without an earlier restore it says that it is a guess', () => {
    expect(forecastDowntime([], { totalBytes: 0 }).basis).toMatch(/guess/);
  });
});

test('sizes as Elasticsearch writes them', () => {
  expect([bytesOf('2gb'), bytesOf('1.5MB'), bytesOf('40 kb'), bytesOf('-1'), bytesOf('')]).toEqual([
    2 ** 31,
    1.5 * 2 ** 20,
    40 * 1024,
    undefined,
    undefined,
  ]);
});
