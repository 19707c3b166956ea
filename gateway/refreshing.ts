import { troubleOf, type Seen, type Trouble } from '../domain/status/status.ts';

export interface RefreshOptions {
  /** For people: what is being read, `the catalogue of nuvla`. */
  what: string;
  /** The failure when there is no answer in time. */
  silence: Trouble['kind'];
  /** How long an answer or a failure is reused. */
  keepMs: number;
  /** The longest a caller waits for an answer. */
  waitMs: number;
  /** The longest wait after a failure: the old answer is served while a new one is read. */
  waitAfterTroubleMs: number;
  /** How long the previous answer is good enough while the next one is late. */
  patienceMs: number;
}

/**
 * Reads at most once at a time, however many callers there are, and no caller waits longer than `waitMs`: then the
 * last answer counts while it is not too old. A failure is reported at once.
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
    message: `${what} did not answer within ${waitMs / 1000} s`,
    remedy: 'Check that the server behind it runs and can be reached from here; Rekindle keeps retrying',
  };
}

const troubleSeen = (error: unknown): { trouble: Trouble } => ({ trouble: troubleOf(error) });
