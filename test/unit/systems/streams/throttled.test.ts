import { throttled, type Clock } from '../../../../systems/streams/throttled.ts';
import { joinedText, steady } from './sources.ts';

/** Time passes only where somebody waits. */
function clockOf(): Clock & { time: () => number; pass: (milliseconds: number) => void } {
  let time = 0;
  const pass = (milliseconds: number) => void (time += milliseconds);
  const pause = (milliseconds: number) => {
    pass(milliseconds);
    return Promise.resolve();
  };
  return { now: () => time, time: () => time, pass, pause };
}

test('bytes pass at the rate that is wanted', async () => {
  const clock = clockOf();
  expect(await joinedText(throttled(steady(Buffer.alloc(10_000, 'x'), 100), 1000, { clock }))).toHaveLength(10_000);
  // The last piece need not wait for itself.
  expect(clock.time()).toBeCloseTo(9900, 0);
});

test('a source that is slower is not slowed down, and is given no burst after a pause', async () => {
  const clock = clockOf();
  const slow = async function* () {
    for await (const piece of steady(Buffer.alloc(1000), 100)) {
      clock.pass(200);
      yield piece;
    }
    clock.pass(60_000);
    yield* steady(Buffer.alloc(10_000), 100);
  };
  await joinedText(throttled(slow(), 1000, { clock }));
  expect(clock.time()).toBeGreaterThanOrEqual(2000 + 60_000 + 8900);
  expect(clock.time()).toBeLessThan(2000 + 60_000 + 10_000);
});

test('without a rate nothing waits', async () => {
  const clock = clockOf();
  await joinedText(throttled(steady(Buffer.alloc(10_000)), undefined, { clock }));
  expect(clock.time()).toBe(0);
});
