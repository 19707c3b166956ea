import { lostOperations } from '../../../domain/runs/forecast.ts';
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

test('sizes as Elasticsearch writes them', () => {
  expect([bytesOf('2gb'), bytesOf('1.5MB'), bytesOf('40 kb'), bytesOf('-1'), bytesOf('')]).toEqual([
    2 ** 31,
    1.5 * 2 ** 20,
    40 * 1024,
    undefined,
    undefined,
  ]);
});
