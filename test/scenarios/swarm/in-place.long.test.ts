import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { expecting } from '../../expecting.ts';
import { inspected } from '../../swarm-inspect.ts';
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
});

test('a side container joins the overlay network in place of the native rebuild', async () => {
  const file = parse(await readFile(nuvla.platformFile, 'utf8')) as { stores: object[] };
  const program =
    'fetch("http://elasticsearch:9200/nuvla-job/_count").then((a) => a.json()).then((a) => console.log(`jobs ${a.count}`))';
  file.stores[1] = {
    name: 'jobs',
    kind: 'container',
    service: 'db_zk',
    image: 'rekindle-stack/core:1',
    entrypoint: ['node'],
    arguments: ['-e', program],
  };
  await writeFile(nuvla.platformFile, stringify(file, { aliasDuplicateObjects: false }));
  const { steps } = await restore();
  expect(JSON.stringify(steps)).toMatch(/Exit code 0; jobs \d+/);
});
