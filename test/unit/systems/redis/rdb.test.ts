import { counting, type Counted } from '../../../../systems/redis/rdb.ts';
import { joinedText, steady } from '../streams/sources.ts';

/** As redis-cli 7.0.15 gave it: two databases, seven keys, and the mark of 40 bytes behind its end. */
const sent = Buffer.from(
  'UkVESVMwMDEw+glyZWRpcy12ZXIGNy4wLjE1+gpyZWRpcy1iaXRzwED6BWN0aW1lwqrkDGv6CHVzZWQtbWVtwgBDEQD6DnJlcGwtc3RyZWFtLWRiwAD6B3JlcGwtaWQoODRiOWJlNDk3Zjk1ODhkMDNlNzI2MjljNDVlOTJlNzc4ZDgzNWIyNvoLcmVwbC1vZmZzZXTAAPoIYW9mLWJhc2XAAP4A+wQB/LtobCqiAQAAAAFiwAICAnN0AwF4wALAAQABYcABEQF6Dw8AAAACAIFtAoMxLjUE//4D+wMAEwFzARAAAAGiKl0mpQAAAAAAAAAAHR0AAAAKAAEBAAEBAYFhAgABAgEAAQABgWICBAH/AYEAAAGiKl0mpQCBAAABoipdJqUAAAABABABaA0NAAAAAgCBZgKBdgL/EgFsAQINDQAAAAMAAwECAQEB//+afZTdvsQXIDlmNzQ3YzJhYmYzYmM2YTEwMDRmMjNkMjExNTdhOWFmYTgxNTBkMDI=',
  'base64',
);
const markBytes = 40;

async function count(bytes: Buffer, size: number) {
  const seen: { counted?: Counted } = {};
  const text = await joinedText(
    counting(steady(bytes, size), (counted) => {
      if (counted) seen.counted = counted;
    }),
    'latin1',
  );
  return { bytes: Buffer.from(text, 'latin1'), counted: seen.counted };
}

const expected = {
  0: { persistent: { set: 1, string: 1, zset: 1 }, expiring: 1 },
  3: { persistent: { stream: 1, hash: 1, list: 1 }, expiring: 0 },
};

test.each([1, 2, 7, 64, 1000])('keys are counted in pieces of %d bytes; the mark is left out', async (size) => {
  const { bytes, counted } = await count(sent, size);
  expect(counted).toEqual(expected);
  expect(bytes).toEqual(sent.subarray(0, -markBytes));
});

test('without the mark it is the same', async () => {
  expect((await count(sent.subarray(0, -markBytes), 50)).counted).toEqual(expected);
});

test.each([0, 5, 9, 100, 300])('what ends after %d bytes is no copy', async (bytes) => {
  await expect(count(sent.subarray(0, bytes), 20)).rejects.toMatchObject({ kind: 'ContainerFailed' });
});

test('what is none is refused', async () => {
  await expect(count(Buffer.from('-NOPERM this user has no permissions'), 20)).rejects.toMatchObject({
    message: 'What Redis sent does not begin as a copy of its data does',
  });
});

/** One database with the given bytes in it. */
const rdb = (...parts: (string | number[])[]) =>
  Buffer.concat([
    Buffer.from('REDIS0012'),
    Buffer.from([0xfe, 0]),
    ...parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))),
    Buffer.from([0xff, 1, 2, 3, 4, 5, 6, 7, 8]),
  ]);
const key = [1, 0x6b];
const zeros = (count: number) => Array.from({ length: count }, () => 0);

test.each<[string, (string | number[])[], object]>([
  ['a long text', [[0, ...key, 0x40 | 1, 0x2c], 'x'.repeat(300)], { string: 1 }],
  ['a very long one', [[0, ...key, 0x80, 0, 1, 0, 0], 'x'.repeat(65_536)], { string: 1 }],
  ['one whose length has 64 bits', [[0, ...key, 0x81, ...zeros(7), 3], 'abc'], { string: 1 }],
  ['a compressed text', [[0, ...key, 0xc3, 4, 20], 'abcd'], { string: 1 }],
  ['numbers', [[2, ...key, 3, 0xc0, 1, 0xc1, 1, 1, 0xc2, 1, 1, 1, 1]], { set: 1 }],
  ['scores as text', [[3, ...key, 2, 1, 0x61, 3, 0x31, 0x2e, 0x35, 1, 0x62, 254]], { zset: 1 }],
  ['scores', [[5, ...key, 1, 1, 0x61, ...zeros(8)]], { zset: 1 }],
  ['a list of packs', [[18, ...key, 2, 2, 3], 'abc', [1, 2], 'de'], { list: 1 }],
  ['a hash whose fields end', [[24, ...key, ...zeros(8), 1, 5, 1, 0x66, 1, 0x76]], { hash: 1 }],
  ['the same, packed', [[25, ...key, ...zeros(8), 3], 'abc'], { hash: 1 }],
  ['a module', [[7, ...key, 0x81, ...zeros(8), 2, 9, 5, 1, 0x61, 4, ...zeros(8), 0]], { module: 1 }],
  [
    'a stream with a group',
    [
      [21, ...key, 1, 16],
      'i'.repeat(16),
      [2, 0x61, 0x62],
      zeros(8),
      [1, 1, 0x67, 0, 0, 0],
      [1, ...zeros(24), 1],
      [1, 1, 0x63, ...zeros(16), 1, ...zeros(16)],
    ],
    { stream: 1 },
  ],
])('%s', async (_, parts, persistent) => {
  // Behind it stands another key: whoever gets its length wrong, misses that one.
  const bytes = rdb(...parts, [0, 1, 0x7a, 1, 0x7a]);
  const merged = { ...persistent, string: ((persistent as Record<string, number>).string ?? 0) + 1 };
  for (const size of [3, 100_000])
    expect((await count(bytes, size)).counted).toEqual({ 0: { persistent: merged, expiring: 0 } });
});

test('what a later version may write is passed on, and not counted', async () => {
  const bytes = rdb([99, ...key, 1, 2, 3], 'whatever follows');
  const passedOn = await count(bytes, 10);
  expect(passedOn.counted).toBeUndefined();
  expect(passedOn.bytes).toEqual(bytes);
});
