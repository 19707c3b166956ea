import { Failure } from '../../../domain/failures.ts';
import { refreshing } from '../../../gateway/refreshing.ts';

const options = {
  what: 'the server',
  silence: 'ObjectStorageUnreachable',
  keepMs: 100,
  waitMs: 200,
  waitAfterTroubleMs: 50,
  patienceMs: 600,
} as const;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A source that is told how to answer; counts how often it was asked. */
function source() {
  const state = { asked: 0, answer: () => Promise.resolve('first') };
  return { state, ask: () => ((state.asked += 1), state.answer()) };
}

test('many who ask at once cost one question, and an answer is given again for a while', async () => {
  const { state, ask } = source();
  const look = refreshing(ask, options);
  expect(await Promise.all([look(), look(), look()])).toEqual(Array(3).fill({ value: 'first' }));
  state.answer = () => Promise.resolve('second');
  expect(await look()).toEqual({ value: 'first' });
  expect(state.asked).toBe(1);
  await pause(120);
  expect(await look()).toEqual({ value: 'second' });
});

test('a failure is reported at once, kept for a while, and over when there is an answer', async () => {
  const { state, ask } = source();
  const look = refreshing(ask, options);
  state.answer = () => Promise.reject(new Failure('BucketMissing', { message: 'no bucket', remedy: 'make one' }));
  const trouble = { kind: 'BucketMissing', message: 'no bucket', remedy: 'make one' };
  expect(await look()).toEqual({ trouble });
  state.answer = () => Promise.resolve('again');
  expect(await look()).toEqual({ trouble });
  await pause(120);
  expect(await look()).toEqual({ value: 'again' });
});

test('an answer that is late: the last one counts, for a while; asked once meanwhile; nobody waits longer than the limit', async () => {
  const { state, ask } = source();
  const look = refreshing(ask, options);
  await look();
  await pause(120);
  state.answer = () => new Promise(() => undefined);
  const began = Date.now();
  expect(await look()).toEqual({ value: 'first' });
  expect(Date.now() - began).toBeLessThan(400);
  await pause(500);
  expect(await look()).toMatchObject({
    trouble: { kind: 'ObjectStorageUnreachable', message: 'the server did not answer within 0.2 s' },
  });
  expect(state.asked).toBe(2);
});

test('after a failure no caller waits long for the next answer', async () => {
  const { state, ask } = source();
  const look = refreshing(ask, options);
  state.answer = () => Promise.reject(new Error('refused'));
  await look();
  await pause(120);
  state.answer = () => pause(150).then(() => 'back');
  const began = Date.now();
  expect(await look()).toMatchObject({ trouble: { kind: 'Internal', message: 'refused' } });
  expect(Date.now() - began).toBeLessThan(140);
  await pause(150);
  expect(await look()).toEqual({ value: 'back' });
});

test('a caller that waits less is told that nothing has been read yet, then what is known', async () => {
  const { state, ask } = source();
  state.answer = () => pause(100).then(() => 'slow');
  const look = refreshing(ask, options);
  expect(await look(10)).toMatchObject({ trouble: { message: 'the server has not been read yet' } });
  expect(await look()).toEqual({ value: 'slow' });
  await pause(120);
  expect(await look(10)).toEqual({ value: 'slow' });
});

test("waiting for its turn is nobody's silence", async () => {
  const { ask } = source();
  let go = (): void => undefined;
  const turn = new Promise<void>((resolve) => (go = resolve));
  const look = refreshing(ask, { ...options, inTurn: (work) => turn.then(work) });
  expect(await look()).toMatchObject({ trouble: { message: 'the server has not been read yet' } });
  go();
  expect(await look()).toEqual({ value: 'first' });
});
