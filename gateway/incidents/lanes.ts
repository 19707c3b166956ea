import pLimit from 'p-limit';

export interface Lanes<T> {
  /** Items of one lane are worked on in order, each until it succeeds; lanes do not wait for each other. */
  add(lane: string, item: T): void;
  /** Ends what is being worked on; the rest stays undone. */
  close(): Promise<void>;
}

export interface LaneOptions<T> {
  work: (item: T) => Promise<void>;
  /** Called for each attempt that failed; it is repeated by itself. */
  onTrouble: (error: unknown) => void;
  /** How many are worked on at the same time. */
  atOnce: number;
  /** The pause after the first failure, and after many. */
  retryMs: { first: number; most: number };
}

export function openLanes<T>({ work, onTrouble, atOnce, retryMs }: LaneOptions<T>): Lanes<T> {
  const limit = pLimit(atOnce);
  const lanes = new Map<string, T[]>();
  const working = new Set<Promise<void>>();
  let closed = false;

  async function next(lane: string, pauseMs: number): Promise<void> {
    const [item] = lanes.get(lane) ?? [];
    if (item === undefined || closed) return;
    try {
      await work(item);
    } catch (error) {
      onTrouble(error);
      // Without its place among those at work: what can be done is not held up by what cannot.
      setTimeout(() => begin(lane, Math.min(pauseMs * 2, retryMs.most)), pauseMs).unref();
      return;
    }
    const rest = lanes.get(lane) ?? [];
    rest.shift();
    if (rest.length > 0) begin(lane);
    else lanes.delete(lane);
  }
  function begin(lane: string, pauseMs = retryMs.first): void {
    const run = limit(() => next(lane, pauseMs)).finally(() => working.delete(run));
    working.add(run);
  }

  return {
    add: (lane, item) => {
      const waiting = lanes.get(lane);
      if (waiting) {
        waiting.push(item);
        return;
      }
      lanes.set(lane, [item]);
      begin(lane);
    },
    close: async () => {
      closed = true;
      await Promise.all(working);
    },
  };
}
