import type { Client } from '../systems/elasticsearch/client.ts';

const batch = 2000;
const index = 'nuvla-job';

/** Creates the index again with so many jobs, as Nuvla maps and fills them; all of them belong in the queue. */
export async function seedJobs(client: Client, count: number): Promise<void> {
  await client.indices.delete({ index, ignore_unavailable: true });
  await client.indices.create({
    index,
    settings: { number_of_shards: 3, number_of_replicas: 0, refresh_interval: '-1' },
    mappings: {
      dynamic_templates: [{ strings: { match_mapping_type: 'string', mapping: { type: 'keyword' } } }] as never,
      properties: { created: { type: 'date' }, updated: { type: 'date' }, priority: { type: 'integer' } },
    },
  });
  for (let start = 0; start < count; start += batch) {
    const numbers = Array.from({ length: Math.min(batch, count - start) }, (_, offset) => start + offset);
    const operations = numbers.flatMap((number) => [
      { index: { _index: index, _id: uuidOf(number) } },
      jobDocument(number, count),
    ]);
    const { errors } = await client.bulk({ operations }, { requestTimeout: 120_000 });
    if (errors) throw new Error(`Elasticsearch refused some of the jobs from ${start}`);
  }
  await client.indices.refresh({ index }, { requestTimeout: 120_000 });
}

/** One of ten is running, three of ten lost their field and keep the priority in the tags. */
function jobDocument(number: number, count: number) {
  const id = `job/${uuidOf(number)}`;
  // Documents do not come in the order of their creation.
  const age = (number * 7919) % count;
  const created = new Date(Date.UTC(2026, 10, 1) + age * 1000).toISOString();
  const priority = [100, 999, 50, 0][number % 4] ?? 100;
  const path = `/job/entries/entry-${String(priority).padStart(3, '0')}-${String(number).padStart(10, '0')}`;
  return {
    id,
    'resource-type': 'job',
    'created-by': `user/${uuidOf(number % 1000)}`,
    created,
    updated: created,
    acl: { owners: ['group/nuvla-admin'], 'view-data': [`user/${uuidOf(number % 1000)}`] },
    action: 'start_deployment',
    state: number % 10 === 0 ? 'RUNNING' : 'QUEUED',
    progress: number % 10 === 0 ? 50 : 0,
    'execution-mode': 'push',
    version: 2,
    'target-resource': { href: `deployment/${uuidOf(number)}` },
    tags: [path],
    ...(number % 10 < 3 ? {} : { priority }),
  };
}

function uuidOf(number: number): string {
  const hex = ((number * 2654435761) % 2 ** 32).toString(16).padStart(8, '0');
  return `${hex}-4a5b-4c6d-8e7f-${String(number).padStart(12, '0')}`;
}
