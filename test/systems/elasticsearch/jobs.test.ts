import { afterAll, beforeAll, expect, test } from 'vitest';
import type { QueuedJob } from '../../../domain/job-queue.ts';
import type { Client } from '../../../systems/elasticsearch/client.ts';
import { awaitUsable } from '../../../systems/elasticsearch/health.ts';
import { readJobs } from '../../../systems/elasticsearch/jobs.ts';
import { startServers, type TestServers } from '../servers.ts';

let servers: TestServers;
let client: Client;

beforeAll(async () => {
  servers = await startServers();
  client = await servers.connect();
  await awaitUsable(client, { timeoutSeconds: 120 });
});
afterAll(() => servers.stop());

async function read(index: string): Promise<QueuedJob[]> {
  const jobs: QueuedJob[] = [];
  for await (const job of readJobs(client, index)) jobs.push(job);
  return jobs;
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
  expect(jobs.map(({ id }) => id)).toEqual(expected);
  expect(jobs[0]).toEqual({ id: 'job/000000', priority: 5, state: 'QUEUED', created: '2026-01-01T00:00:00.000Z' });
  expect(jobs[1]).toMatchObject({ id: 'job/000001', priority: 1, state: 'RUNNING' });
});

test('the same with a mapping that nobody made', async () => {
  await seed('dynamic');
  expect((await read('dynamic')).map(({ id }) => id)).toEqual(expected);
});

test('an index without a job, and one that is not there', async () => {
  await client.indices.create({ index: 'empty' });
  expect(await read('empty')).toEqual([]);
  await expect(read('absent')).rejects.toMatchObject({
    kind: 'Internal',
    message: expect.stringContaining('absent') as string,
  });
});
