import type { ServerResponse } from 'node:http';
import type { Listener, Topics } from './topics.ts';

/** What a browser waits before it connects again, in milliseconds. */
const retryMs = 3000;

export interface EventStream {
  /** A comment, which keeps the connection open through proxies. */
  beat(): void;
  end(): void;
}

/**
 * Writes what the topics say to one connection. To whom reads slowly, only the newest of each topic is sent: nothing piles
 * up. `wanted`: topics that exist.
 */
export function openStream(response: ServerResponse, topics: Topics, wanted: readonly string[]): EventStream {
  const waiting = new Map<string, string>();
  let full = false;

  function flush(): void {
    full = false;
    for (const [topic, text] of waiting) {
      waiting.delete(topic);
      if (!write(`data: ${text}\n\n`)) return;
    }
  }
  function write(text: string): boolean {
    full = !response.write(text);
    return !full;
  }
  const listener: Listener = (topic, text) => {
    // At the end, and once: of what waits, the newest counts.
    waiting.delete(topic);
    waiting.set(topic, text);
    if (!full) flush();
  };

  const stops: (() => void)[] = [];
  const stop = () => {
    for (const one of stops.splice(0)) one();
  };
  response.on('drain', flush);
  response.on('close', stop);
  write(`retry: ${retryMs}\n\n`);
  for (const topic of wanted) stops.push(topics.listen(topic, listener));
  return {
    beat() {
      if (!full) write(':\n\n');
    },
    end() {
      stop();
      response.end();
    },
  };
}
