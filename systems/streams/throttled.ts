import { pause } from '../pause.ts';
import type { Pieces } from './pieces.ts';

/** What time is, for tests: milliseconds. */
export interface Clock {
  now: () => number;
  pause: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

const realClock: Clock = { now: () => performance.now(), pause };

/** Time that passed unused is not made up for beyond this, in milliseconds: a store that was slow gets no burst after it. */
const creditMilliseconds = 1000;

/** Passes the pieces on no faster than so many bytes a second on average. Undefined: as fast as they come. */
export async function* throttled(
  pieces: Pieces,
  bytesPerSecond: number | undefined,
  { signal, clock = realClock }: { signal?: AbortSignal; clock?: Clock } = {},
): AsyncGenerator<Uint8Array> {
  if (bytesPerSecond === undefined) {
    yield* pieces;
    return;
  }
  /** When the next piece may pass. */
  let due = clock.now();
  for await (const piece of pieces) {
    const wait = due - clock.now();
    if (wait > 0) await clock.pause(wait, signal);
    due = Math.max(due, clock.now() - creditMilliseconds) + (piece.length / bytesPerSecond) * 1000;
    yield piece;
  }
}
