import { errors } from '@elastic/elasticsearch';
import type { IndexName } from '../../domain/platform.ts';
import { failureOf } from './errors.ts';

/** Why an index tells nothing of itself, by its name. Read as "unknown, because …". */
export type Unreadable = Record<IndexName, string>;

/** Elasticsearch's numbers of the blocks that an index may have. */
const blocks: Record<string, string> = {
  4: 'it is closed',
  5: 'index.blocks.read_only is set',
  7: 'index.blocks.read is set',
  8: 'index.blocks.write is set',
  9: 'index.blocks.metadata is set',
  12: 'index.blocks.read_only_allow_delete is set',
};

/**
 * Why Elasticsearch refuses an ordinary request about one index; undefined when the fault is not that index's alone
 * (a server that is away, overloaded, or refuses the user altogether).
 */
export function whyUnreadable(error: unknown): string | undefined {
  if (!(error instanceof errors.ResponseError)) return undefined;
  const status = error.statusCode ?? 0;
  if (status < 400 || status >= 500 || [401, 408, 429].includes(status)) return undefined;
  const told = (error.body as { error?: { type?: string; reason?: string } } | undefined)?.error;
  const { type = '', reason = '' } = typeof told === 'object' ? told : {};
  if (type === 'cluster_block_exception') {
    const set = [...reason.matchAll(/\/(\d+)\//g)]
      .map(([, id = '']) => blocks[id])
      .filter((block) => block !== undefined);
    return set.length > 0 ? set.join(' and ') : undefined;
  }
  if (type === 'index_not_found_exception') return 'the index was deleted meanwhile';
  if (type === 'index_closed_exception') return 'the index was closed meanwhile';
  if (type === 'security_exception') return "the store's user may not read it";
  const text = reason.split('\n', 1)[0] ?? '';
  return text === '' ? `Elasticsearch answers with status ${status}` : `Elasticsearch refuses: ${text}`;
}

/**
 * Asks about many indices at once. One that Elasticsearch refuses to talk about spoils the answer for all, so the list is
 * halved until such indices are alone; they are left out, with the reason. `what` completes the sentence "Could not …".
 */
export async function askAbout<T>(
  what: string,
  indices: readonly IndexName[],
  ask: (indices: IndexName[]) => Promise<T>,
): Promise<{ answers: T[]; unreadable: Unreadable }> {
  if (indices.length === 0) return { answers: [], unreadable: {} };
  try {
    return { answers: [await ask([...indices])], unreadable: {} };
  } catch (error) {
    const why = whyUnreadable(error);
    if (why === undefined) throw failureOf(error, `${what} of ${indices.join(', ')}`);
    const [only] = indices;
    if (indices.length === 1 && only !== undefined) return { answers: [], unreadable: { [only]: why } };
    const middle = Math.ceil(indices.length / 2);
    const first = await askAbout(what, indices.slice(0, middle), ask);
    const second = await askAbout(what, indices.slice(middle), ask);
    return {
      answers: [...first.answers, ...second.answers],
      unreadable: { ...first.unreadable, ...second.unreadable },
    };
  }
}
