import type { Client } from '@elastic/elasticsearch';
import { setTimeout as pause } from 'node:timers/promises';
import { elasticsearchClient, withZookeeper } from '../stack/clients.ts';
import type { DemoPlatform } from '../stack/demo-platform.ts';
import { untilHealthy } from '../stack/wait.ts';

const JOBS = 'nuvla-job';
const LOOKS = 5;
const MANY = 10_000;

/**
 * Whether the platform is back: services healthy, every index with the documents that were seeded, every eligible job in
 * the queue and none twice. The platform lives on meanwhile (executors take jobs, the distributor adds some), so the job
 * index may hold more than was seeded, and only a difference of the queue that stays is one. Throws for what is wrong;
 * answers with a line. `foreign` entries stand for jobs that must not be queued again: the runbook's script makes such.
 */
export async function verify(platform: DemoPlatform): Promise<string> {
  await untilHealthy(platform);
  const client = await elasticsearchClient(platform);
  try {
    const documents = await verifyCounts(client, platform);
    let queue = await compareQueue(client, platform);
    for (let look = 1; look < LOOKS && queue.missing + queue.twice > 0; look++) {
      await pause(1000);
      queue = await compareQueue(client, platform);
    }
    const { missing, twice, foreign, entries } = queue;
    if (missing + twice > 0) throw new Error(`The queue: ${missing} jobs are missing, ${twice} are queued twice`);
    const note = foreign > 0 ? `, ${foreign} stand for jobs that must not run again` : '';
    return `verified: ${documents} documents as seeded, all services healthy, no job missing in the queue (${entries} entries${note})`;
  } finally {
    await client.close();
  }
}

async function verifyCounts(client: Client, { seeded }: DemoPlatform): Promise<number> {
  if (!seeded) throw new Error('The platform was not seeded');
  const { closedIndex } = seeded;
  const states = await client.cat.indices({
    index: closedIndex,
    h: ['status'],
    format: 'json',
    expand_wildcards: 'all',
  });
  const closed = states[0]?.status === 'close';
  if (closed) await client.indices.open({ index: closedIndex });
  try {
    await client.indices.refresh({ index: Object.keys(seeded.documents) });
    let sum = 0;
    for (const [index, wanted] of Object.entries(seeded.documents)) {
      const { count } = await client.count({ index });
      const right = index === JOBS ? count >= wanted : count === wanted;
      if (!right) throw new Error(`${index} holds ${count} documents instead of ${wanted}`);
      sum += count;
    }
    return sum;
  } finally {
    if (closed) await client.indices.close({ index: closedIndex });
  }
}

async function compareQueue(client: Client, platform: DemoPlatform) {
  const eligible = async () => {
    await client.indices.refresh({ index: JOBS });
    // Nuvla's rules in words of their own: what is verified must not be asked.
    const parent = { bool: { filter: [{ term: { state: 'RUNNING' } }, { term: { tags: 'monitor' } }] } };
    const { hits } = await client.search<{ id: string }>({
      index: JOBS,
      size: MANY,
      query: {
        bool: {
          filter: [{ terms: { state: ['QUEUED', 'RUNNING'] } }],
          must_not: [{ term: { 'execution-mode': 'pull' } }, parent],
        },
      },
    });
    return new Set(hits.hits.map(({ _source }) => _source?.id ?? ''));
  };
  // Jobs before and after: what is eligible in both was so when the queue was read.
  const before = await eligible();
  const queued = await withZookeeper(platform, async (zookeeper) => {
    const names = await zookeeper.children('/job/entries');
    const values = names.map((name) => zookeeper.read(`/job/entries/${name}`).catch(() => undefined));
    return (await Promise.all(values)).filter((value) => value !== undefined);
  });
  const after = await eligible();
  const values = new Set(queued);
  return {
    entries: queued.length,
    missing: [...before].filter((id) => after.has(id) && !values.has(id)).length,
    twice: queued.length - values.size,
    foreign: queued.filter((id) => !before.has(id) && !after.has(id)).length,
  };
}
