import fc from 'fast-check';
import { frameReader } from '../../../systems/zookeeper/frames.ts';
import { inFlight } from '../../../systems/zookeeper/in-flight.ts';
import { transactions } from '../../../systems/zookeeper/transactions.ts';

test('transactions keep the order and stay below both bounds', () =>
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 400_000 }), { maxLength: 30 }), fc.nat({ max: 2500 }), (sizes, small) => {
      const nodes = [...sizes, ...Array.from({ length: small }, () => 40)].map((size, index) => ({
        path: `/q/${index}`,
        data: 'x'.repeat(size),
      }));
      const batches = [...transactions(nodes)];
      expect(batches.flat()).toEqual(nodes);
      for (const batch of batches) {
        expect(batch.length).toBeLessThanOrEqual(1000);
        expect(batch.reduce((sum, { path, data }) => sum + path.length + data.length, 0)).toBeLessThan(900_000);
      }
    }),
    { numRuns: 30 },
  ));

test('frames arrive complete, however the socket splits them', () =>
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 50 })),
      fc.infiniteStream(fc.integer({ min: 1, max: 20 })),
      (bodies, cuts) => {
        const frames = bodies.map((body) => {
          const head = Buffer.alloc(4);
          head.writeInt32BE(body.length);
          return Buffer.concat([head, body]);
        });
        let rest = Buffer.concat(frames);
        const seen: Buffer[] = [];
        const read = frameReader((frame) => seen.push(Buffer.from(frame)));
        while (rest.length > 0) {
          const cut = Number(cuts.next().value);
          read(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        expect(seen).toEqual(frames);
      },
    ),
  ));

test('after a failure nothing new starts, and what runs is waited for', async () => {
  const started: number[] = [];
  let finished = 0;
  const work = async (item: number) => {
    started.push(item);
    await new Promise((resolve) => setImmediate(resolve));
    if (item === 1) throw new Error('one failed');
    await new Promise((resolve) => setImmediate(resolve));
    finished += 1;
  };
  await expect(
    inFlight(
      Array.from({ length: 100 }, (_, index) => index),
      4,
      work,
    ),
  ).rejects.toThrow('one failed');
  expect(started.length).toBeLessThan(10);
  expect(finished).toBe(started.length - 1);
});
