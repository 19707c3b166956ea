import { setTimeout as pause } from 'node:timers/promises';
import { elasticsearchClient } from '../stack/clients.ts';
import type { DemoPlatform } from '../stack/demo-platform.ts';

/** One search after the other, with this pause in between: what users feel, not what the server could take. */
const PAUSE_MS = 40;

export interface Latencies {
  searches: number;
  /** Milliseconds. */
  median: number;
  p95: number;
}

/** Searches the platform's jobs, sorted and counted, until `done`. */
export async function searchUntil(platform: DemoPlatform, done: AbortSignal): Promise<Latencies> {
  const client = await elasticsearchClient(platform);
  const measured: number[] = [];
  try {
    while (!done.aborted) {
      const began = performance.now();
      await client.search({
        index: 'nuvla-job',
        size: 20,
        query: { terms: { state: ['QUEUED', 'RUNNING', 'SUCCESS'] } },
        sort: [{ created: 'desc' }],
        aggregations: { states: { terms: { field: 'state' } } },
        request_cache: false,
      });
      measured.push(performance.now() - began);
      await pause(PAUSE_MS);
    }
  } finally {
    await client.close();
  }
  const sorted = measured.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { searches: sorted.length, median: at(0.5), p95: at(0.95) };
}

/** The same while `work` goes on. */
export async function searchDuring<T>(platform: DemoPlatform, work: () => Promise<T>): Promise<[T, Latencies]> {
  const over = new AbortController();
  const searches = searchUntil(platform, over.signal);
  try {
    const result = await work();
    over.abort();
    return [result, await searches];
  } finally {
    over.abort();
    await searches.catch(() => undefined);
  }
}
