import { JobTable, type QueueEntry } from '../../../domain/queue/job-table.ts';
import { queueRules } from '../../../domain/queue/rules.ts';
import type { Client } from '../../../systems/elasticsearch/client.ts';
import { awaitUsable } from '../../../systems/elasticsearch/health.ts';
import { matchesOf, resolveIndices } from '../../../systems/elasticsearch/indices.ts';
import { readDocuments, type ReadDocument } from '../../../systems/elasticsearch/documents/read-documents.ts';
import { updateDocuments } from '../../../systems/elasticsearch/documents/update-documents.ts';
import { queueStore } from '../../queue-store.ts';
import { startServers, type TestServers } from '../servers.ts';
import { createIndex } from './seed.ts';

let servers: TestServers;
let client: Client;

beforeAll(async () => {
  servers = await startServers();
  client = await servers.connect();
  await awaitUsable(client, { timeoutSeconds: 120 });
});
afterAll(() => servers.stop());

const rules = queueRules(queueStore());

async function documents(index: string, { versions = false, onBatch = (): unknown => undefined } = {}) {
  const found: ReadDocument[] = [];
  const having = { field: 'state', values: ['QUEUED', 'RUNNING'] };
  const query = { index, having, fields: rules.fields, versions };
  for await (const batch of readDocuments(client, query)) {
    found.push(...batch);
    await onBatch();
  }
  return found;
}

/** What stands in the queue, in the order of creation. */
async function read(index: string): Promise<QueueEntry[]> {
  const table = new JobTable();
  for (const { id, source } of await documents(index)) {
    const placed = rules.place(id, source);
    if (!('leftOutBy' in placed)) table.add(placed, rules.order(source));
  }
  table.sort();
  return Array.from({ length: table.size }, (_, number) => table.entry(number));
}

/** 12,000 documents, more than one search returns: every fourth ended, pulled or a bulk parent. */
function jobDocument(number: number) {
  const created = new Date(Date.UTC(2026, 0, 1) + Math.floor(number / 3) * 1_000).toISOString();
  const kind = number % 12;
  return {
    id: `job/${String(number).padStart(6, '0')}`,
    created,
    state: kind === 3 ? 'SUCCESS' : number % 2 === 0 ? 'QUEUED' : 'RUNNING',
    'execution-mode': kind === 7 ? 'pull' : 'push',
    tags: kind === 11 ? ['monitor'] : [`/job/entries/entry-${String(number % 1_000).padStart(3, '0')}-0000000001`],
    ...(number === 0 ? { priority: 5 } : {}),
  };
}

async function seed(index: string) {
  for (let start = 0; start < 12_000; start += 3_000) {
    const numbers = Array.from({ length: 3_000 }, (_, offset) => 11_999 - start - offset);
    const operations = numbers.flatMap((number) => [
      { index: { _index: index, _id: `u${number}` } },
      jobDocument(number),
    ]);
    await client.bulk({ operations });
  }
}

const expected = Array.from({ length: 12_000 }, (_, number) => number)
  .filter((number) => ![3, 7, 11].includes(number % 12))
  .map((number) => jobDocument(number).id);

test('all eligible jobs by creation time and id, with fields mapped as Nuvla maps them', async () => {
  await client.indices.create({
    index: 'nuvla-job',
    settings: { number_of_shards: 3, number_of_replicas: 2 },
    mappings: {
      dynamic_templates: [{ strings: { match_mapping_type: 'string', mapping: { type: 'keyword' } } }] as never,
      properties: { created: { type: 'date', format: 'strict_date_optional_time||epoch_millis' } },
    },
  });
  await seed('nuvla-job');
  const jobs = await read('nuvla-job');
  expect(jobs.map(({ value }) => value)).toEqual(expected);
  expect(jobs[0]).toEqual({ value: 'job/000000', priority: 5, running: false });
  expect(jobs[1]).toMatchObject({ value: 'job/000001', priority: 1, running: true });
});

test('the same with a dynamic mapping', async () => {
  await seed('dynamic');
  expect((await read('dynamic')).map(({ value }) => value)).toEqual(expected);
});

test('an index without a job, and a missing one', async () => {
  await client.indices.create({ index: 'empty' });
  expect(await read('empty')).toEqual([]);
  await expect(read('absent')).rejects.toMatchObject({
    kind: 'Internal',
    message: expect.stringContaining('absent') as string,
  });
});

test('more than a page in every slice: all of them, once', async () => {
  const count = 40_000;
  await client.indices.create({ index: 'many', settings: { number_of_shards: 1, number_of_replicas: 0 } });
  for (let start = 0; start < count; start += 10_000)
    await client.bulk({
      operations: Array.from({ length: 10_000 }, (_, offset) => (start + offset) * 7919).flatMap((mixed) => [
        { index: { _index: 'many', _id: `u${mixed % count}` } },
        {
          id: `job/${String(mixed % count).padStart(6, '0')}`,
          state: 'QUEUED',
          created: new Date(1e12 + (mixed % count)),
        },
      ]),
    });
  const ids = (await documents('many')).map(({ source }) => source['id']);
  expect(ids).toHaveLength(count);
  expect(new Set(ids).size).toBe(count);
});

test('a point in time that Elasticsearch lost halfway: reported as such, to be read again', async () => {
  // The contexts of searches go with the index's shards.
  const lose = () => client.indices.close({ index: 'many' });
  try {
    await expect(documents('many', { onBatch: lose })).rejects.toMatchObject({ kind: 'ElasticsearchUnreachable' });
  } finally {
    await client.indices.open({ index: 'many', wait_for_active_shards: 1 });
  }
  expect(await documents('many')).toHaveLength(40_000);
});

test('documents are changed unless they changed meanwhile', async () => {
  const [first, second, third] = await documents('many', { versions: true });
  const versions = [first, second, third].flatMap((one) => one?.version ?? []);
  expect(versions).toHaveLength(3);
  await client.update({ index: 'many', id: second?.id ?? '', doc: { state: 'SUCCESS' } });
  await client.delete({ index: 'many', id: third?.id ?? '' });
  expect(await updateDocuments(client, versions, { state: 'FAILED', 'status-message': 'lost' })).toEqual({
    updated: 1,
    changed: 2,
  });
  expect((await client.get({ index: 'many', id: first?.id ?? '' }))._source).toMatchObject({
    id: first?.source['id'],
    state: 'FAILED',
    'status-message': 'lost',
  });
  expect((await client.get({ index: 'many', id: second?.id ?? '' }))._source).toMatchObject({ state: 'SUCCESS' });
});

test('what a pattern of the platform file matches: an alias is told apart, a missing name is nothing', async () => {
  await createIndex(client, 'orders-000001', ['orders']);
  const matches = await matchesOf(client, ['orders', 'ord*s', 'orders-*', 'gone', '-other*']);
  expect(matches).toMatchObject([
    { pattern: 'orders', indices: [], aliases: [{ name: 'orders', indices: ['orders-000001'] }] },
    { pattern: 'ord*s', indices: [], aliases: [{ name: 'orders' }] },
    { pattern: 'orders-*', indices: ['orders-000001'], aliases: [] },
    { pattern: 'gone', indices: [], aliases: [] },
  ]);
  expect(await resolveIndices(client, ['gone', 'orders-*', '-orders-000001'])).toEqual([]);
  expect(await resolveIndices(client, ['gone', 'orders-*'])).toEqual(['orders-000001']);
  expect(await resolveIndices(client, ['gone'])).toEqual([]);
});
