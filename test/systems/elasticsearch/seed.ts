import type { Client } from '../../../systems/elasticsearch/client.ts';

/** Writes `count` documents with ids d<n>; `padding` characters of noise each make it big enough to watch. */
export async function seedDocuments(
  client: Client,
  index: string,
  count: number,
  padding = 0,
  from = 0,
): Promise<void> {
  const noise = () =>
    Array.from({ length: Math.ceil(padding / 11) }, () => Math.random().toString(36).slice(2)).join('');
  for (let start = from; start < from + count; start += 1_000) {
    const numbers = Array.from({ length: Math.min(1_000, from + count - start) }, (_, offset) => start + offset);
    const operations = numbers.flatMap((number) => [
      { index: { _index: index, _id: `d${number}` } },
      { number, kind: 'test', nested: { b: [1, 2], a: null }, ...(padding > 0 ? { noise: noise() } : {}) },
    ]);
    const answer = await client.bulk({ operations }, { requestTimeout: 60_000 });
    if (answer.errors) throw new Error(`seeding ${index} failed`);
  }
}

/** Three primaries and two replicas are what the field has; unindexed noise keeps it fast. */
export async function createIndex(
  client: Client,
  index: string,
  aliases: string[] = [],
  hidden = false,
): Promise<void> {
  await client.indices.create({
    index,
    settings: { number_of_shards: 3, number_of_replicas: 2, hidden },
    mappings: { properties: { noise: { type: 'keyword', index: false, doc_values: false } } },
    aliases: Object.fromEntries(aliases.map((alias) => [alias, {}])),
  } as never);
}
