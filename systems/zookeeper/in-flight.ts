/**
 * Runs `work` on every item, at most `limit` at a time, started in the items' order. After a failure, or when `signal`
 * aborts, nothing new starts; what runs is waited for, and then the first failure, or the signal's reason, is thrown.
 */
export async function inFlight<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let failure: { error: unknown } | undefined;
  const lane = async () => {
    try {
      while (!failure) {
        signal?.throwIfAborted();
        const next = iterator.next();
        if (next.done) return;
        await work(next.value);
      }
    } catch (error) {
      failure ??= { error };
    }
  };
  await Promise.all(Array.from({ length: limit }, lane));
  if (failure) throw failure.error;
}
