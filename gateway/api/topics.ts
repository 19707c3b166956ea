import { createHash } from 'node:crypto';
import { redactWords } from '../../config/redaction.ts';
import { Failure } from '../../domain/failures.ts';
import { finalPhases } from '../../domain/runs/progress.ts';
import { troubleOf } from '../../domain/status/status.ts';
import { finalFleetPhases } from '../../domain/fleet/fleet.ts';
import type { FleetDetails, RunDetails } from '../../api/types.ts';
import type { Readings } from './readings.ts';

/** Gets what a topic says now, as the text of one event, whenever it differs from what it said before. */
export type Listener = (topic: string, text: string) => void;

export interface Topics {
  /** Failure: InvalidArgument for a topic that does not exist. */
  assertKnown(topic: string): void;
  /** Answers how to stop listening. Failure: as `assertKnown`. */
  listen(topic: string, listener: Listener): () => void;
  /** For tests and metrics: how many are being read. */
  count(): number;
  close(): void;
}

/** Between two readings, in milliseconds. */
export interface Pace {
  run: number;
  others: number;
  /** Of a run or a fleet that has ended. */
  ended: number;
}
const usualPace: Pace = { run: 1000, others: 2000, ended: 15_000 };

interface Poller {
  listeners: Set<Listener>;
  /** What was said last, and what it says; the only things that are kept. */
  text?: string;
  says?: string;
  stop(): void;
}

/** One poller for each topic, however many listen to it; none when nobody does. */
export function openTopics(readings: Readings, pace: Pace = usualPace): Topics {
  const pollers = new Map<string, Poller>();

  function poll(topic: string): Poller {
    const ask = readerOf(topic, readings);
    let timer: NodeJS.Timeout | undefined;
    let over = false;
    const listeners = new Set<Listener>();
    const poller: Poller = {
      listeners,
      stop() {
        over = true;
        clearTimeout(timer);
      },
    };
    const round = async () => {
      const { said, nextMs } = await ask().then(
        (data) => ({ said: { topic, data }, nextMs: paceOf(topic, data, pace) }),
        (error: unknown) => ({ said: { topic, trouble: troubleOf(error) }, nextMs: pace.others }),
      );
      if (over) return;
      const safe = redactWords(said);
      const says = digestOf(safe);
      if (says !== poller.says) {
        const text = JSON.stringify(safe);
        Object.assign(poller, { text, says });
        for (const listener of listeners) listener(topic, text);
      }
      timer = setTimeout(() => void round(), nextMs);
    };
    void round();
    return poller;
  }

  return {
    assertKnown: (topic) => void readerOf(topic, readings),
    listen(topic, listener) {
      const poller = pollers.get(topic) ?? poll(topic);
      pollers.set(topic, poller);
      poller.listeners.add(listener);
      if (poller.text !== undefined) listener(topic, poller.text);
      return () => {
        poller.listeners.delete(listener);
        if (poller.listeners.size > 0 || pollers.get(topic) !== poller) return;
        poller.stop();
        pollers.delete(topic);
      };
    },
    count: () => pollers.size,
    close() {
      for (const poller of pollers.values()) poller.stop();
      pollers.clear();
    },
  };
}

/**
 * That a second has passed is no news: ages grow by themselves, and a list of a thousand platforms would be sent to every
 * browser again and again.
 */
function digestOf(said: object): string {
  const text = JSON.stringify(said, (key, value: unknown) => {
    if (key === 'ageSeconds') return undefined;
    return key === 'reason' && typeof value === 'string' ? value.replace(/\b\d+ s old\b/, '') : value;
  });
  return createHash('sha256').update(text).digest('base64');
}

function readerOf(topic: string, readings: Readings): () => Promise<unknown> {
  if (topic === 'platforms') return readings.platforms;
  if (topic === 'incidents') return readings.incidents;
  if (topic === 'fleets') return readings.fleets;
  const [, kind, name = ''] = /^(platform|run|fleet):(.+)$/s.exec(topic) ?? [];
  if (kind === 'platform') return () => readings.platform(name);
  if (kind === 'run') return () => readings.run(name);
  if (kind === 'fleet') return () => readings.fleet(name);
  throw new Failure('InvalidArgument', {
    message: `There is no topic "${topic.slice(0, 100)}"`,
    remedy:
      'Name topics of these forms, separated by commas: platforms, platform:<name>, run:<id>, fleets, fleet:<name>, incidents',
  });
}

function paceOf(topic: string, data: unknown, { run, others, ended }: Pace): number {
  if (topic.startsWith('fleet:')) return finalFleetPhases.has((data as FleetDetails).progress.phase) ? ended : others;
  if (!topic.startsWith('run:')) return others;
  const { progress, cutOff } = data as RunDetails;
  return cutOff || finalPhases.has(progress.phase) ? ended : run;
}
