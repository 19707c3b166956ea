import type { Client } from '@elastic/elasticsearch';
import type { ElasticsearchStore, StoreName } from '../../domain/platform.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { storeNamed } from './store-named.ts';

/** Runs `work` on the Elasticsearch of a store and closes the connection afterwards. */
export async function withElasticsearch<T>(
  open: Pick<OpenPlatform, 'elasticsearch'>,
  store: ElasticsearchStore,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await open.elasticsearch(store);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** The same for a store by its name. Failure: InvalidArgument when the platform file has no such store. */
export async function withElasticsearchNamed<T>(
  open: Pick<OpenPlatform, 'platform' | 'elasticsearch'>,
  name: StoreName,
  work: (client: Client, store: ElasticsearchStore) => Promise<T>,
): Promise<T> {
  const store = storeNamed(open.platform, 'elasticsearch', name);
  return withElasticsearch(open, store, (client) => work(client, store));
}
