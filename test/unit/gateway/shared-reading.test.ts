import { sharedReading, sharedReadings } from '../../../gateway/shared-reading.ts';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('who asks at once, or shortly after, shares one reading; a failure is kept for nobody', async () => {
  let asked = 0;
  const read = sharedReading(() => (++asked === 1 ? Promise.reject(new Error('no')) : Promise.resolve(asked)), {
    keepMs: 30,
  });
  const both = await Promise.allSettled([read(), read()]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await read()).toBe(2);
  expect(await read()).toBe(2);
  await pause(40);
  expect(await read()).toBe(3);
});

test('what is old is served while it is read anew, but not for ever', async () => {
  let asked = 0;
  const read = sharedReading(() => pause(20).then(() => ++asked), { keepMs: 10, staleMs: 100 });
  expect(await read()).toBe(1);
  await pause(15);
  expect(await read()).toBe(1);
  await pause(40);
  expect(await read()).toBe(2);
  await pause(150);
  expect(await read()).toBeGreaterThan(2);
});

test('of many keys, those asked for last are kept', async () => {
  const asked: string[] = [];
  const read = sharedReadings((key) => (asked.push(key), Promise.resolve(key)), { keepMs: 10_000, most: 2 });
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await read(key);
  expect(asked).toEqual(['a', 'b', 'c', 'b']);
  read.forget('a');
  await read('a');
  expect(asked).toHaveLength(5);
});
