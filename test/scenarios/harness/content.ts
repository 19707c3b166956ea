import { createHash } from 'node:crypto';
import type { Client } from '@elastic/elasticsearch';
import type { Seeded } from '../../../stack/seed.ts';

/** What the documents of each seeded index are; jobs live on and a closed index cannot be read, so without them. */
export async function fingerprintsOf(client: Client, seeded: Seeded): Promise<Record<string, string>> {
  const indices = Object.keys(seeded.documents).filter(
    (index) => index !== 'nuvla-job' && index !== seeded.closedIndex,
  );
  const entries = await Promise.all(indices.map(async (index) => [index, await fingerprint(client, index)] as const));
  return Object.fromEntries(entries);
}

async function fingerprint(client: Client, index: string): Promise<string> {
  await client.indices.refresh({ index });
  const hash = createHash('sha256');
  let after: unknown[] | undefined;
  let count = 0;
  for (;;) {
    const { hits } = await client.search({
      index,
      size: 5000,
      sort: [{ id: 'asc' }],
      ...(after === undefined ? {} : { search_after: after as string[] }),
    });
    for (const hit of hits.hits) hash.update(JSON.stringify([hit._id, hit._source]));
    count += hits.hits.length;
    after = hits.hits.at(-1)?.sort;
    if (hits.hits.length === 0) return `${count} documents, ${hash.digest('hex').slice(0, 16)}`;
  }
}
