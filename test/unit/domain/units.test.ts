import fc from 'fast-check';
import { age, bytes, elapsed, seconds } from '../../../domain/units.ts';

test.each([
  [59.94, '59.9 s'],
  [59.96, '1 min 0 s'],
  [119.7, '2 min 0 s'],
  [3599.4, '59 min 59 s'],
  [3599.6, '1 h 0 min'],
  [7199, '2 h 0 min'],
  [7265, '2 h 1 min'],
])('%d seconds are %s', (count, text) => expect(seconds(count)).toBe(text));

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [999_999_999, '1.0 GB'],
  [1e18, '1000.0 PB'],
])('%d bytes are %s', (count, text) => expect(bytes(count)).toBe(text));

const unit: Record<string, number> = { s: 1, min: 60, h: 3600, d: 86_400 };
const parse = (text: string) =>
  [...text.matchAll(/([\d.]+) (s|min|h|d)/g)].map(
    ([, count = '', name = '']) => [Number(count), unit[name] ?? 0] as const,
  );

test('no part of a duration is ever 60, and what is shown is off by half of its smallest part at most', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (count) => {
      const parts = parse(seconds(count));
      const [, ...rest] = parts;
      const smallest = parts.at(-1)?.[1] ?? 0;
      expect(parts.length).toBeGreaterThan(0);
      for (const [amount] of rest) expect(amount).toBeLessThan(60);
      if (smallest < 3600 && parts.length === 1) expect(parts[0]?.[0]).toBeLessThan(60);
      const shown = parts.reduce((sum, [amount, size]) => sum + amount * size, 0);
      expect(Math.abs(shown - count)).toBeLessThanOrEqual(smallest / 2 + 1e-6);
    }),
  );
});

test('an amount of bytes is below 1000 of its unit, and grows with the count', () => {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const amountOf = (count: number) => {
    const [amount = '', name = ''] = bytes(count).split(' ');
    return { amount: Number(amount), total: Number(amount) * 1000 ** units.indexOf(name) };
  };
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (one, other) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      expect(amountOf(one).amount).toBeLessThan(1000);
      expect(amountOf(less).total).toBeLessThanOrEqual(amountOf(more).total);
      expect(amountOf(one).total).toBeGreaterThanOrEqual(one * 0.95);
      expect(amountOf(one).total).toBeLessThanOrEqual(one * 1.05 + 1);
    }),
  );
});

test('an age is never more than what has passed', () => {
  const now = Date.parse('2026-11-21T10:00:00.000Z');
  fc.assert(
    fc.property(fc.nat({ max: 1e9 }), (passed) => {
      const [[amount, size] = [0, 0]] = parse(age(new Date(now - passed * 1000).toISOString(), now));
      expect(amount * size).toBeLessThanOrEqual(passed);
      expect((amount + 1) * size).toBeGreaterThan(passed);
    }),
  );
});

test('just under a minute is shown as a minute', () => {
  expect(elapsed('2026-11-21T10:00:00.000Z', '2026-11-21T10:01:59.700Z', 0)).toBe('2 min 0 s');
});
