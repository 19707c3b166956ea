import { usedOf } from '../../../page/parts/objective.ts';
import { away, lasting, localTime, utcBeside } from '../../../page/parts/times.ts';

const at = '2026-11-28T23:30:12.000Z';

test('the viewer sees their own clock, and UTC beside it', () => {
  expect(localTime(at, 'America/New_York')).toBe('28 Nov 18:30');
  expect(utcBeside(at, 'America/New_York')).toBe('23:30 UTC');
});

test('UTC has its day where that is another one', () => {
  expect(localTime(at, 'Europe/Zurich')).toBe('29 Nov 00:30');
  expect(utcBeside(at, 'Europe/Zurich')).toBe('28 Nov 23:30 UTC');
});

test('whoever lives by UTC sees it once', () => {
  expect(utcBeside(at, 'UTC')).toBe('');
});

test.each([
  [-3, 'just now'],
  [-300, '5 min ago'],
  [-50 * 3600, '2 d ago'],
  [1440, 'in 24 min'],
])('%d s from now reads %j', (seconds, words) => {
  const now = Date.parse(at);
  expect(away(new Date(now + seconds * 1000).toISOString(), now)).toBe(words);
});

test.each([
  [2.14, '2.1 s'],
  [2, '2 s'],
  [42.7, '43 s'],
  [307, '5 min 7 s'],
  [1800, '30 min'],
  [3600, '1 h'],
  [7500, '2 h 5 min'],
])('%d seconds last %j', (count, words) => {
  expect(lasting(count)).toBe(words);
});

test.each([
  [600, 'good', 1 / 6],
  [3000, 'warn', 5 / 6],
  [3601, 'bad', 1],
  [-5, 'good', 0],
])('%d s of an objective of 3600 s are %s', (seconds, tone, share) => {
  expect(usedOf(seconds, 3600)?.tone).toBe(tone);
  expect(usedOf(seconds, 3600)?.share).toBeCloseTo(share);
});

test('without an objective nothing is used up', () => {
  expect(usedOf(600, undefined)).toBeUndefined();
});
