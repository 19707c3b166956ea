import { Failure } from '../failures.ts';
import type { ZookeeperQueueStore } from '../platform.ts';
import { orderBy, type OrderKey } from './order.ts';
import { textsOf, type Source } from './source.ts';

/** What a document means to the queue. */
export type Placed =
  | { state: string; running: boolean; value: string; priority: number }
  /** It is excluded from the queue: the name of the rule. `value`: for a running job, its entry's data. */
  | { state: string; running: boolean; leftOutBy: string; value?: string };

export interface QueueRules {
  /** The fields that must be read of each document. */
  fields: string[];
  /** Its place in the queue; priority 0 for all when the entries' names hold none. Failure: QueueRefused when a document lacks a field of its entry. */
  place: (documentId: string, source: Source) => Placed;
  /** Its place among the jobs of one priority. */
  order: (source: Source) => OrderKey;
}

/** The platform file's rules for the content of a queue, as a function of one document. */
export function queueRules(
  store: Pick<ZookeeperQueueStore, 'from' | 'entry' | 'running' | 'defaultPriority'>,
): QueueRules {
  const { state, leaveOut, priority } = store.from;
  const rules = Object.entries(leaveOut).map(([name, wanted]) => ({ name, wanted: Object.entries(wanted) }));
  const priorities = priority.map(({ field, pattern }) => ({ field, pattern: pattern && new RegExp(pattern) }));
  const value = template(store.entry.value);
  const byPriority = store.entry.name.includes('{priority}');
  const priorityOf = (source: Source): number => {
    if (!byPriority) return 0;
    for (const { field, pattern } of priorities)
      for (const text of textsOf(source, field)) {
        const found = pattern ? pattern.exec(text)?.[1] : text;
        if (found !== undefined && /^\d{1,3}$/.test(found)) return Number(found);
      }
    return store.defaultPriority;
  };
  return {
    fields: [
      ...new Set([
        state.field,
        ...rules.flatMap(({ wanted }) => wanted.map(([field]) => field)),
        ...priorities.map(({ field }) => field),
        ...value.fields,
        ...store.from.order,
      ]),
    ],
    order: orderBy(store.from.order),
    place(documentId, source) {
      const own = textsOf(source, state.field)[0] ?? '';
      const running = state.running.includes(own);
      const leftOutBy = (name: string) => ({ state: own, running, leftOutBy: name });
      if (!running && !state.waiting.includes(own)) return leftOutBy('another state');
      const rule = rules.find(({ wanted }) =>
        wanted.every(([field, values]) => textsOf(source, field).some((text) => values.includes(text))),
      );
      if (rule) return leftOutBy(rule.name);
      const data = value.fill(documentId, source);
      if (running && store.running !== 'requeue') return { ...leftOutBy(runningRules[store.running]), value: data };
      return { state: own, running, value: data, priority: priorityOf(source) };
    },
  };
}

/** The rule's name for a running job that is not executed again, by the platform file's `running`. */
export const runningRules = { leave: 'running: left alone', fail: 'running: to be marked as failed' } as const;

/** `{field}` in a text, filled from a document. */
function template(text: string) {
  const parts = text.split(/\{([^{}]+)\}/);
  const isField = (index: number) => index % 2 === 1;
  return {
    fields: parts.filter((part, index) => isField(index) && part !== '_id'),
    fill: (documentId: string, source: Source): string =>
      parts
        .map((part, index) => {
          if (!isField(index)) return part;
          if (part === '_id') return documentId;
          const found = textsOf(source, part)[0];
          if (found === undefined || found === '') throw lacks(documentId, part);
          return found;
        })
        .join(''),
  };
}

function lacks(documentId: string, field: string): Failure {
  return new Failure('QueueRefused', {
    message: `The document ${documentId} has no field "${field}", which its queue entry must contain`,
    remedy: 'Fix the document, or entry.value of the store in the platform file; nothing was written',
  });
}
