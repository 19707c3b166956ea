import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { expecting } from '../../expecting.ts';
import { inspected } from '../../swarm-inspect.ts';
import { destroy } from './disaster.ts';
import { startSmallNuvla, type SmallNuvla } from './small-nuvla.ts';

let nuvla: SmallNuvla;

beforeAll(async () => {
  nuvla = await startSmallNuvla();
  await nuvla.startWorker();
  const backup = await nuvla.rekindle(['backup', nuvla.name, '--json']);
  expecting(backup, backup.stdout + backup.stderr).toMatchObject({ exitCode: 0 });
}, 240_000);
afterAll(() => nuvla.end(), 60_000);

async function restore(): Promise<RunProgress> {
  const ended = await nuvla.rekindle(['restore', nuvla.name, '--yes', '--json']);
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
  return ended.json as RunProgress;
}

test('restored in place: services stop, keep their ids and are what they were; a rollback brings the old data back', async () => {
  const { swarm, withElasticsearch, rekindle } = nuvla;
  const before = await inspected(swarm);
  const ids = await idsOfServices();
  await withElasticsearch((client) =>
    client.index({ index: 'nuvla-user', id: 'later', document: { id: 'user/later' }, refresh: true }),
  );
  const has = () => withElasticsearch(async (client) => client.exists({ index: 'nuvla-user', id: 'later' }));
  const report = await restore();
  expect(report.verdict).toBe('pass');
  expect(await has()).toBe(false);
  expect(await inspected(swarm)).toEqual(before);

  const back = await rekindle(['rollback', nuvla.name, '--yes', '--json']);
  expecting(back, back.stdout + back.stderr).toMatchObject({ exitCode: 0 });
  expect(await has()).toBe(true);
  expect(await inspected(swarm)).toEqual(before);
  expect(await idsOfServices()).toEqual(ids);
});

/** As Nuvla's own /app/job_restore.py does it, with the demo platform's client of ZooKeeper. */
const program = `
import { LockingQueue } from './lib/queue.mjs';
import { ZookeeperSession } from './lib/zookeeper.mjs';
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

test('all of it gone: a side container on the overlay network rebuilds the queue in place of the native rebuild', async () => {
  const file = parse(await readFile(nuvla.platformFile, 'utf8')) as { stores: object[] };
  file.stores[1] = {
    name: 'jobs',
    kind: 'container',
    service: 'db_zk',
    image: 'rekindle-stack/core:1',
    entrypoint: ['node', '--input-type=module'],
    arguments: ['-e', program],
  };
  await writeFile(nuvla.platformFile, stringify(file, { aliasDuplicateObjects: false }));
  const before = await inspected(nuvla.swarm);
  await destroy(nuvla.swarm);
  const { steps, verdict } = await restore();
  expect(verdict).toBe('pass');
  expect(JSON.stringify(steps)).toMatch(/Exit code 0; restored [1-9]\d* jobs/);
  expect(await inspected(nuvla.swarm)).toEqual(before);
  expect(await nuvla.entries()).not.toEqual([]);
});

async function idsOfServices(): Promise<Record<string, string>> {
  const services = (await nuvla.swarm.docker.listServices()) as unknown as { ID: string; Spec: { Name: string } }[];
  return Object.fromEntries(services.map(({ ID, Spec }) => [Spec.Name, ID]));
}
