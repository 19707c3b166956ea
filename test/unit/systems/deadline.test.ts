import { setTimeout as pause } from 'node:timers/promises';
import { withDeadline } from '../../../systems/deadline.ts';

const untilAborted = (signal: AbortSignal) => pause(60_000, undefined, { signal });
const never = new AbortController().signal;

test('work that ends in time returns its result; other work is aborted with a TimeoutError', async () => {
  expect(await withDeadline(1000, never, () => Promise.resolve('done'))).toBe('done');
  const late = withDeadline(20, undefined, async (signal) => {
    await untilAborted(signal).catch(() => undefined);
    throw signal.reason;
  });
  await expect(late).rejects.toMatchObject({ name: 'TimeoutError' });
});

test("the caller's own cancellation comes first, with its reason", async () => {
  const cancelled = new AbortController();
  const work = withDeadline(60_000, cancelled.signal, async (signal) => {
    await untilAborted(signal).catch(() => undefined);
    throw signal.reason;
  });
  cancelled.abort(new Error('enough'));
  await expect(work).rejects.toThrow('enough');
  await expect(withDeadline(1000, cancelled.signal, () => Promise.resolve('done'))).rejects.toThrow('enough');
});
