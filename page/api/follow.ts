import type { RouteName } from '../../api/routes.ts';
import type { ServerEvent } from '../../api/types.ts';
import { ask, Refused } from './client.ts';
import { heard, notHeard } from './connection.ts';
import { pathOf, type Parameters } from './path.ts';
import { onWake } from './wake.ts';

export interface Source {
  topic: ServerEvent['topic'];
  route: RouteName;
  parameters?: Parameters;
  /**
   * Milliseconds: asked for so often, in place of events. Each stream of events takes one of the six connections that a
   * browser has for the gateway in all its tabs; what stands beside something else does without.
   */
  everyMs?: number;
}

export interface Followed<T> {
  data?: T;
  /** When it was true, in milliseconds. */
  at?: number;
  refused?: Refused;
}

/** Events can end without anybody noticing: a proxy that keeps a dead connection. */
const lookAgain = 60_000;
/** The status with which the gateway would have answered. */
const troubled = 503;
const firstWait = 1000;
const longestWait = 10_000;

/**
 * A document and all that becomes of it: asked for first, then by events; after sleep, a lost connection or silence it is
 * asked for again. Returns what ends it.
 */
export function follow<T>(
  { topic, route, parameters, everyMs }: Source,
  show: (found: Followed<T>) => void,
): () => void {
  let events: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let found: Followed<T> = {};
  let wait = firstWait;
  let round = 0;

  const set = (next: Followed<T>) => {
    found = next;
    show(found);
  };
  const later = (milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), milliseconds);
  };
  const look = async () => {
    const mine = ++round;
    clearTimeout(timer);
    try {
      const data = await ask<T>(route, parameters);
      if (mine !== round) return;
      set({ data, at: Date.now() });
      wait = firstWait;
      const listens = events !== undefined && events.readyState !== EventSource.CLOSED;
      if (everyMs === undefined && !listens) listen();
      later(everyMs ?? lookAgain);
    } catch (error) {
      if (mine !== round) return;
      set({ ...found, refused: error as Refused });
      later((wait = Math.min(longestWait, wait * 2)));
    }
  };
  const listen = () => {
    events?.close();
    events = new EventSource(pathOf('events', { topics: topic }));
    events.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as ServerEvent;
      if (event.topic !== topic) return;
      // An answer that is still on its way is older.
      round += 1;
      heard();
      // What was known stays, with why it is not known any better.
      if ('trouble' in event) set({ ...found, refused: new Refused(troubled, event.trouble) });
      else set({ data: event.data as T, at: Date.now() });
      later(lookAgain);
    });
    events.addEventListener('error', () => {
      // The browser would try again by itself, but says neither when nor whether the gateway answers at all.
      events?.close();
      events = undefined;
      later(firstWait);
    });
  };
  const stop = onWake(() => {
    events?.close();
    events = undefined;
    void look();
  });
  window.addEventListener('offline', notHeard);
  void look();
  return () => {
    round += 1;
    clearTimeout(timer);
    events?.close();
    stop();
    window.removeEventListener('offline', notHeard);
  };
}
