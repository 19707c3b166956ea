import { useElasticsearch } from '../../servers.ts';

/**
 * The tests of another file of this driver once more, on Elasticsearch 9. The query makes the file a module of its own:
 * in one process it may have run before.
 */
export async function onVersion9(file: string): Promise<void> {
  useElasticsearch({ first: '9.2.0' });
  await import(new URL(`../${file}.test.ts?on=9`, import.meta.url).href);
}
