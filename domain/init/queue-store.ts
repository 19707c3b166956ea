import type { IndexName, StoreName } from '../platform.ts';
import { asks, says, type Part, type Suggestion } from './proposal.ts';
import type { DataService } from './roles.ts';
import type { ZookeeperAnswer } from './seen.ts';

/** A primary store with the indices that it told. */
export interface KnownIndices {
  store: StoreName;
  indices: readonly IndexName[];
}

export interface QueueStores {
  stores: Part<Record<string, unknown>>[];
  suggestions: Suggestion[];
}

/**
 * One store for each queue whose jobs' index is found: `/job` is filled from `nuvla-job`, the index that is called as its
 * node. What is not known is suggested, to be filled in.
 */
export function queueStores(
  servers: readonly DataService[],
  answer: ZookeeperAnswer,
  sources: readonly KnownIndices[],
): QueueStores {
  const names = servers.map(({ service }) => service.service);
  const service = names.length === 1 ? names[0] : names;
  const signs = servers.map(({ service, signs }) => `${service.service} by ${signs.join(', ')}`).join('; ');
  const queues = answer.kind === 'answered' ? answer.queues.filter(({ path }) => isPath(path)) : [];
  const found = queues.flatMap(({ path, entries }) => {
    const source = sourceOf(path, sources);
    return source ? [{ path, entries, ...source }] : [];
  });
  if (found.length === 0) return { stores: [], suggestions: [suggestion(service, answer, sources)] };
  return {
    suggestions: [],
    stores: found.map(({ path, entries, store, index }, position) => ({
      value: {
        name: position === 0 ? 'jobs' : `jobs-${position + 1}`,
        kind: 'zookeeper-queue',
        service,
        path,
        from: { store, index },
        ...(isNuvla(index) && { defaultPriority: 999 }),
      },
      remarks: [
        says([], `ZooKeeper. Recognised: ${signs}.`),
        says(['path'], `A queue of kazoo's kind stands there, with ${entries} entries now.`),
        asks(['from'], `Are these the documents of its jobs, and Nuvla's rules theirs? See docs/queues.md.`),
        ...(isNuvla(index) ? [says(['defaultPriority'], "What Nuvla's api gives to a job that names none.")] : []),
      ],
    })),
  };
}

const isNuvla = (index: string) => index.startsWith('nuvla-');
const isPath = (path: string) => /^\/[^\s]*[^/\s]$/.test(path) && !path.includes('${');

function sourceOf(path: string, sources: readonly KnownIndices[]) {
  const queue = path.split('/').at(-1)?.toLowerCase() ?? '';
  for (const { store, indices } of sources) {
    const matching = indices.filter((index) => {
      const last = index.split(/[-_]/).at(-1) ?? '';
      return last !== '' && (last === queue || last === `${queue}s` || `${last}s` === queue);
    });
    const [index] = matching.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
    if (index !== undefined) return { store, index };
  }
  return undefined;
}

function suggestion(service: unknown, answer: ZookeeperAnswer, sources: readonly KnownIndices[]): Suggestion {
  const seen =
    answer.kind === 'silent'
      ? 'It did not answer, so its content is not known.'
      : `It holds no queue whose jobs were found in Elasticsearch; its nodes: ${answer.nodes.slice(0, 10).join(', ') || 'none'}.`;
  return {
    text: `? ZooKeeper is stopped and started as a data service. ${seen} If it holds a queue, put this below "stores"; else docs/queues.md and "kind: container" say what may rebuild its content.`,
    content: {
      stores: [
        {
          name: 'jobs',
          kind: 'zookeeper-queue',
          service,
          path: '/job',
          from: { store: sources[0]?.store ?? 'documents', index: 'jobs' },
        },
      ],
    },
  };
}
