import { Failure } from '../../domain/failures.ts';
import type { Pieces } from './pieces.ts';

export interface Guard {
  signal?: AbortSignal;
  /** So long may the source send nothing. */
  silenceSeconds: number;
  /** Begins the message: `pg_dump of the database app`. */
  what: string;
}

/**
 * Passes the pieces on until the signal aborts or the source is silent for too long; then it throws, and does not wait for a
 * source that hangs. The time that the reader takes does not count. Failure: StepTimedOut.
 */
export async function* guarded(pieces: Pieces, guard: Guard): AsyncGenerator<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await inTime(iterator.next(), guard);
      if (next.done === true) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    // Not awaited: a generator that hangs in its `next` would never answer.
    if (!ended) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

async function inTime<T>(work: Promise<T>, { signal, silenceSeconds, what }: Guard): Promise<T> {
  // When it loses the race, nobody listens to it any more.
  work.catch(() => undefined);
  const controller = new AbortController();
  const lost = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(silent(what, silenceSeconds)), silenceSeconds * 1000);
    const aborted = () => reject(signal?.reason as Error);
    controller.signal.addEventListener('abort', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    });
    signal?.addEventListener('abort', aborted);
    if (signal?.aborted === true) aborted();
  });
  try {
    return await Promise.race([lost, work]);
  } finally {
    controller.abort();
  }
}

function silent(what: string, seconds: number): Failure {
  return new Failure('StepTimedOut', {
    message: `${what} sent nothing for ${seconds} s`,
    remedy: 'Look for locks and for a full disk in the store, and at the log of its container, then retry',
  });
}
