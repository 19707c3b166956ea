export interface ReadingOptions {
  /** How long an answer serves everybody who asks, in milliseconds. */
  keepMs: number;
  /** For how long, after that, the last answer is served while a new one is read; default: not at all. */
  staleMs?: number;
}

/** What many ask for: read at most once at a time, whoever asks. A failure is nobody's but theirs who waited for it. */
export function sharedReading<T>(ask: () => Promise<T>, { keepMs, staleMs = 0 }: ReadingOptions): () => Promise<T> {
  let last: { value: T; at: number } | undefined;
  let asking: Promise<T> | undefined;
  const read = async () => {
    try {
      const value = await ask();
      last = { value, at: Date.now() };
      return value;
    } finally {
      asking = undefined;
    }
  };
  return async () => {
    const age = last === undefined ? Infinity : Date.now() - last.at;
    if (last && age < keepMs) return last.value;
    const reading = (asking ??= read());
    if (!last || age >= keepMs + staleMs) return reading;
    reading.catch(() => undefined);
    return last.value;
  };
}

/** The same by key, for the `most` keys that were asked for last. */
export function sharedReadings<T>(
  ask: (key: string) => Promise<T>,
  { most, ...options }: ReadingOptions & { most: number },
): ((key: string) => Promise<T>) & { forget: (key?: string) => void } {
  const readings = new Map<string, () => Promise<T>>();
  const read = (key: string) => {
    const reading = readings.get(key) ?? sharedReading(() => ask(key), options);
    readings.delete(key);
    readings.set(key, reading);
    const [oldest] = readings.keys();
    if (readings.size > most && oldest !== undefined) readings.delete(oldest);
    return reading();
  };
  /** What was read before counts no more, also when it is still being read; of one key, or of all. */
  const forget = (key?: string) => {
    if (key === undefined) readings.clear();
    else readings.delete(key);
  };
  return Object.assign(read, { forget });
}
