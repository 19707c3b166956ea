import type { ReadinessSeen } from '../../../domain/status/readiness-seen.ts';
import { byUrgency, matching, stateOf, summaryOf } from '../../../page/platforms/urgency.ts';
import { listingFor, shownOf } from '../../../page/platforms/window.ts';
import { demoRow, platformRows } from '../../systems/page/documents.ts';

const now = Date.parse('2026-11-28T18:00:00Z');
const rows = platformRows(now);

test('what waits for a person comes first, then what is not well, then the rest by name', () => {
  const names = byUrgency(rows).map(({ platform }) => platform);
  expect(names.slice(0, 3)).toEqual(['demo', 'search-eu', 'billing']);
  expect(names.slice(-3)).toEqual(['archive', 'nuvla', 'payments']);
});

test('a failed platform without a question is called failed, one with a question needs you', () => {
  expect(stateOf(demoRow(now))).toEqual({ tone: 'asks', word: 'Needs you' });
  expect(stateOf({ ...demoRow(now), runs: { value: [] } })).toEqual({ tone: 'bad', word: 'Failed' });
});

test('where no worker is, the state says so: backups that are good make nothing begin, nor does an answer', () => {
  const [, well] = byUrgency(rows);
  const row = { ...demoRow(now), worker: 'absent' } as const;
  expect(stateOf(row)).toEqual({ tone: 'bad', word: 'Failed' });
  for (const state of ['good', 'stale', 'unknown'] as const)
    expect(stateOf({ ...row, state })).toEqual({ tone: 'bad', word: 'No worker' });
  expect(well).toMatchObject({ platform: 'search-eu', state: 'good', worker: 'absent' });
  expect(matching(rows, 'no worker').map(({ platform }) => platform)).toEqual(['search-eu']);
});

test('a platform with good backups that could not be restored is not called good', () => {
  const readiness: ReadinessSeen = { verdict: 'not ready', since: '', at: '', everyMinutes: 30, unmet: [], checks: 20 };
  const good = rows.find(({ platform }) => platform === 'archive')!;
  expect(stateOf({ ...good, readiness: { ...readiness, verdict: 'ready' } })).toEqual({ tone: 'good', word: 'Good' });
  const unready = { ...good, readiness };
  expect(stateOf(unready)).toEqual({ tone: 'bad', word: 'Not ready' });
  expect(byUrgency([good, unready])[0]).toBe(unready);
  expect(stateOf({ ...demoRow(now), runs: { value: [] }, readiness })).toMatchObject({ word: 'Failed' });
});

test('an unreachable Temporal hides no state', () => {
  const trouble = { kind: 'TemporalUnreachable', message: 'No answer', remedy: 'Start it' } as const;
  expect(stateOf({ ...demoRow(now), runs: { trouble } }).word).toBe('Failed');
});

test('the summary counts every platform once', () => {
  const counts = summaryOf(rows);
  expect(counts.map(({ word, count }) => [word, count])).toEqual([
    ['Needs you', 1],
    ['No worker', 1],
    ['Too old', 1],
    ['Good', 5],
  ]);
});

test.each([
  ['search-', ['search-eu', 'search-us']],
  ['SEARCH us', ['search-us']],
  ['too old', ['billing']],
  ['stale', ['billing']],
  ['ElasticsearchUnreachable', ['demo']],
  ['nothing like it', []],
])('the filter %j finds %j', (filter, found) => {
  expect(matching(rows, filter).map(({ platform }) => platform)).toEqual(found);
});

describe('of thousands', () => {
  const listing = { count: 5000, columns: 1, rowHeight: 64 };

  test('only those in sight are drawn, and the list keeps its height', () => {
    const { first, end, above, below } = shownOf(listing, 64_000, 640);
    expect(first).toBeLessThanOrEqual(1000);
    expect(end).toBeGreaterThanOrEqual(1010);
    expect(end - first).toBeLessThan(30);
    expect(above + (end - first) * 64 + below).toBe(5000 * 64);
  });

  test('scrolled past the end, after a filter left few, the last ones are there', () => {
    expect(shownOf({ ...listing, count: 3 }, 64_000, 640)).toMatchObject({ end: 3, below: 0 });
  });

  test('in columns, rows are whole', () => {
    const { first, end } = shownOf({ count: 1001, columns: 5, rowHeight: 262 }, 262 * 50, 1300);
    expect(first % 5).toBe(0);
    expect(end % 5).toBe(0);
  });
});

test.each([
  [336, 'cards', 1],
  [1200, 'rows', 1],
  [2480, 'cards', 5],
] as const)('%d pixels wide: %s in %d columns', (width, shape, columns) => {
  expect(listingFor(width)).toMatchObject({ shape, columns });
});
