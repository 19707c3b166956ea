/**
 * Does `work` with a signal that aborts as `signal` does, or when the time is up: then with a `TimeoutError`. Made by
 * hand, because Node 20 can lose an AbortSignal.timeout() inside AbortSignal.any() to the garbage collector, and then
 * waits for ever.
 */
export async function withDeadline<T>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const passOn = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', passOn, { once: true });
  const timedOut = () => controller.abort(new DOMException(`no end within ${milliseconds} ms`, 'TimeoutError'));
  const timer = setTimeout(timedOut, milliseconds);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', passOn);
  }
}
