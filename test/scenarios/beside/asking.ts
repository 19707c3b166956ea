import { setTimeout as pause } from 'node:timers/promises';
import { elasticsearchClient } from '../../../stack/clients.ts';
import type { DemoPlatform } from '../../../stack/demo-platform.ts';

const pauseMs = 25;

export interface Answers {
  /** When the last search of the unbroken row was answered, and how many there were. */
  lastAt: number;
  answered: number;
  /** When one first was not answered; undefined: all were. */
  silentAt: number | undefined;
  /** The longest that one took, in milliseconds. */
  slowest: number;
}

/** Asks the platform's Elasticsearch one search after the other, as its users do, until one is not answered or `work` has ended. */
export async function askedDuring<T>(platform: DemoPlatform, work: Promise<T>): Promise<[T, Answers]> {
  const answers: Answers = { lastAt: 0, answered: 0, silentAt: undefined, slowest: 0 };
  const over = new AbortController();
  const asking = ask(platform, answers, over.signal);
  try {
    return [await work, answers];
  } finally {
    over.abort();
    await asking;
  }
}

async function ask(platform: DemoPlatform, answers: Answers, over: AbortSignal): Promise<void> {
  const client = await elasticsearchClient(platform);
  try {
    while (!over.aborted && answers.silentAt === undefined) {
      const began = Date.now();
      try {
        await client.search({ index: 'nuvla-job', size: 1, sort: [{ created: 'desc' }], request_cache: false });
        answers.lastAt = Date.now();
        answers.answered += 1;
        answers.slowest = Math.max(answers.slowest, answers.lastAt - began);
      } catch {
        answers.silentAt = began;
      }
      await pause(pauseMs);
    }
  } finally {
    await client.close();
  }
}
