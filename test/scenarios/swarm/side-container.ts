import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';

/** As Nuvla's own /app/job_restore.py does it, with the demo platform's client of ZooKeeper. */
const program = `
const { LockingQueue } = await import('/opt/core/lib/queue.mjs');
const { ZookeeperSession } = await import('/opt/core/lib/zookeeper.mjs');
const queue = new LockingQueue(new ZookeeperSession((error) => { console.error(error.message); process.exit(1); }));
await queue.ensure();
const query = { terms: { state: ['QUEUED', 'RUNNING'] } };
const answer = await fetch('http://elasticsearch:9200/nuvla-job/_search', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ size: 10000, query, sort: 'created' }),
});
const { hits } = (await answer.json()).hits;
for (const { _source } of hits) await queue.put(_source.id, _source.priority ?? 100);
console.log('restored', hits.length, 'jobs');
process.exit(0);
`;

/** Writes the platform file anew: a container rebuilds the queue in place of the native rebuild. */
export async function withSideContainer(platformFile: string): Promise<void> {
  const file = parse(await readFile(platformFile, 'utf8')) as { stores: object[] };
  file.stores[1] = {
    name: 'jobs',
    kind: 'container',
    service: 'db_zk',
    image: 'rekindle-stack/core:1',
    entrypoint: ['node', '--input-type=module'],
    arguments: ['-e', program],
  };
  await writeFile(platformFile, stringify(file, { aliasDuplicateObjects: false }));
}
