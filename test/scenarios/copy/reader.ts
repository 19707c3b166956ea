import type { Client } from '@elastic/elasticsearch';

export interface Reader {
  /** What it met: the counts in order, each once; and whatever an application would have called a fault. */
  stop(): Promise<{ counts: number[]; faults: string[]; reads: number }>;
}

/** Reads again and again, as an application does, by each of these names. */
export function readAgain(client: Client, names: readonly string[]): Reader {
  const counts: number[] = [];
  const faults: string[] = [];
  let reads = 0;
  const stopping = new AbortController();
  const reading = (async () => {
    while (!stopping.signal.aborted)
      for (const name of names) {
        reads += 1;
        try {
          const { hits } = await client.search({ index: name, size: 1, track_total_hits: true });
          const total = typeof hits.total === 'number' ? hits.total : (hits.total?.value ?? 0);
          if (total === 0 || hits.hits.length === 0) faults.push(`${name} is empty`);
          if (!counts.includes(total)) counts.push(total);
        } catch (error) {
          faults.push(`${name}: ${String(error)}`);
        }
      }
  })();
  return {
    async stop() {
      stopping.abort();
      await reading;
      return { counts, faults, reads };
    },
  };
}
