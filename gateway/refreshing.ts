import { troubleOf, type Seen, type Trouble } from '../domain/status/status.ts';

export interface RefreshOptions {
  /** For people: what is being read, `the catalogue of nuvla`. */
  what: string;
  /** The failure when there is no answer in time. */
  silence: Trouble['kind'];
  /** How long an answer or a failure is reused. */
  keepMs: number | (() => number);
  /** The longest a caller waits for an answer, unless it says otherwise. */
  waitMs: number;
  /** The longest wait after a failure: the old answer is served while a new one is read. */
  waitAfterTroubleMs: number;
  /** How long the previous answer is good enough while the next one is late. */
  patienceMs: number;
  /** Where a reading waits for its turn; that is nobody's silence. */
  inTurn?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** `waitMs`: the longest that this caller waits. */
export type Look<T> = (waitMs?: number) => Promise<Seen<T>>;

/**
 * Reads at most once at a time, however many callers there are, and no caller waits longer than `waitMs`: then the
 * last answer counts while it is not too old. A failure is reported at once.
 */
export function refreshing<T>(ask: () => Promise<T>, options: RefreshOptions): Look<T> {
  const { waitMs: usualMs, waitAfterTroubleMs, patienceMs } = options;
  const keepMs = () => (typeof options.keepMs === 'number' ? options.keepMs : options.keepMs());
  const inTurn = options.inTurn ?? ((work) => work());
  let startedAt = Infinity;
  let settled: { seen: Seen<T>; at: number } | undefined;
  let answered: { seen: Seen<T>; at: number } | undefined;
  let asking: Promise<void> | undefined;

  const begin = async () => {
    startedAt = Infinity;
    const started = () => {
      startedAt = Date.now();
      return ask();
    };
    const seen = await inTurn(started).then((value): Seen<T> => ({ value }), troubleSeen);
    settled = { seen, at: Date.now() };
    if ('value' in seen) answered = settled;
    asking = undefined;
  };
  return async (waitMs = usualMs) => {
    const last = settled;
    if (last && Date.now() - last.at < keepMs()) return last.seen;
    asking ??= begin();
    const troubled = last !== undefined && 'trouble' in last.seen;
    if ((await within(asking, troubled ? Math.min(waitMs, waitAfterTroubleMs) : waitMs)) && settled)
      return settled.seen;
    if (troubled) return last.seen;
    if (answered && Date.now() - answered.at < keepMs() + patienceMs) return answered.seen;
    // Timers are not exact to the millisecond.
    return { trouble: Date.now() - startedAt < usualMs * 0.9 ? unread(options) : silent(options) };
  };
}

/** Whether `work` ended within the time. */
async function within(work: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), milliseconds)));
  const inTime = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

function silent({ what, silence, waitMs }: RefreshOptions): Trouble {
  return {
    kind: silence,
    message: `${what} did not answer within ${waitMs / 1000} s`,
    remedy: 'Check that the server behind it runs and can be reached from here; Rekindle keeps retrying',
  };
}

const unread = ({ what, silence }: RefreshOptions): Trouble => ({
  kind: silence,
  message: `${what} has not been read yet`,
  remedy: 'Wait a moment: it is being read',
});

const troubleSeen = (error: unknown): { trouble: Trouble } => ({ trouble: troubleOf(error) });
