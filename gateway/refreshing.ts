import { Failure } from '../domain/failures.ts';
import type { Seen, Trouble } from '../domain/status/status.ts';

export interface RefreshOptions {
  /** For people: what is asked, `the catalogue of nuvla`. */
  what: string;
  /** What the trouble is called when there is no answer in time. */
  silence: Trouble['kind'];
  /** An answer, or a failure, is given again for so long. */
  keepMs: number;
  /** Nobody waits longer for an answer. */
  waitMs: number;
  /** Nor so long once there was trouble: the old one is told while it is asked again. */
  waitAfterTroubleMs: number;
  /** While an answer is late, the one before it is good enough for so long. */
  patienceMs: number;
}

/**
 * Asks at most one question at a time, however many want to know, and makes nobody wait longer than `waitMs`: then the
 * last answer counts while it is not too old. A failure is trouble at once.
 */
export function refreshing<T>(ask: () => Promise<T>, options: RefreshOptions): () => Promise<Seen<T>> {
  const { keepMs, waitMs, waitAfterTroubleMs, patienceMs } = options;
  let settled: { seen: Seen<T>; at: number } | undefined;
  let answered: { seen: Seen<T>; at: number } | undefined;
  let asking: Promise<void> | undefined;

  const begin = async () => {
    const seen = await ask().then((value): Seen<T> => ({ value }), troubleSeen);
    settled = { seen, at: Date.now() };
    if ('value' in seen) answered = settled;
    asking = undefined;
  };
  return async () => {
    const last = settled;
    if (last && Date.now() - last.at < keepMs) return last.seen;
    asking ??= begin();
    const troubled = last !== undefined && 'trouble' in last.seen;
    if ((await within(asking, troubled ? waitAfterTroubleMs : waitMs)) && settled) return settled.seen;
    if (troubled) return last.seen;
    if (answered && Date.now() - answered.at < patienceMs) return answered.seen;
    return { trouble: silent(options) };
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
    message: `${what} gave no answer within ${waitMs / 1000} s`,
    remedy: 'see whether the server behind it runs and is reached from here; it is asked again all the time',
  };
}

const troubleSeen = (error: unknown): { trouble: Trouble } => ({ trouble: troubleOf(error) });

export function troubleOf(error: unknown): Trouble {
  if (error instanceof Failure) return { kind: error.kind, message: error.message, remedy: error.remedy };
  return {
    kind: 'Internal',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'this is a fault of Rekindle: report it',
  };
}
