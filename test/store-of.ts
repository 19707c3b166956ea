import { storesOfKind, type ElasticsearchStore } from '../domain/platform.ts';
import { demoPlatform } from './demo-situation.ts';

/** The demo's Elasticsearch as a platform file has it, with some of it changed. */
export function storeOf(change: Partial<ElasticsearchStore>): ElasticsearchStore {
  const [store] = storesOfKind(demoPlatform(), 'elasticsearch');
  if (store === undefined) throw new Error('the demo has an elasticsearch store');
  return { ...store, ...change };
}
