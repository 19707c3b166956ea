import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { expecting } from '../../expecting.ts';
import { idsOfServices, inspected } from '../../swarm-inspect.ts';
import { destroy } from './disaster.ts';
import { withSideContainer } from './side-container.ts';
import { startSmallNuvla, type SmallNuvla } from './small-nuvla.ts';

/** In milliseconds: a restore and a rollback, on a machine that has other work as well. */
const limit = 600_000;

let nuvla: SmallNuvla;

beforeAll(async () => {
  nuvla = await startSmallNuvla();
  await nuvla.startWorker();
  const backup = await nuvla.rekindle(['backup', nuvla.name, '--json']);
  expecting(backup, backup.stdout + backup.stderr).toMatchObject({ exitCode: 0 });
});
afterAll(() => nuvla.end(), 60_000);

async function restore(): Promise<RunProgress> {
  const ended = await nuvla.rekindle(['restore', nuvla.name, '--yes', '--json']);
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
  return ended.json as RunProgress;
}

test(
  'init of the running stack writes a file with which validate, a backup and check work',
  async () => {
    const folder = join(nuvla.swarm.folder, 'init');
    const { rekindle, startWorker } = nuvla.apart(folder);
    const file = join(folder, 'platforms', 'db.yaml');
    const init = await rekindle(['init', '--stack', 'db', '--json']);
    expecting(init, init.stdout + init.stderr).toMatchObject({
      exitCode: 0,
      json: {
        file,
        found: {
          data: [
            { service: 'es', kind: 'elasticsearch', certain: true },
            { service: 'zk', kind: 'zookeeper', certain: true },
          ],
          core: [],
          alsoStop: ['nuvla/api', 'nuvla/job-distributor', 'nuvla/job-executor', 'streams/subs-notifs'],
        },
      },
    });
    const text = await readFile(file, 'utf8');
    const { stores } = parse(text) as { stores: unknown };
    expect(stores).toMatchObject([
      { kind: 'elasticsearch', service: 'es', repository: { name: 's3_backup', type: 's3' } },
      { kind: 'zookeeper-queue', service: 'zk', path: '/job', from: { store: 'documents', index: 'nuvla-job' } },
    ]);
    // A Swarm secret is in no file of the host: what the comments ask for is the only thing that a person does.
    expect(text).toContain('# ? Put ');
    await writeFile(file, text.replaceAll('/etc/rekindle/secrets', nuvla.swarm.folder));

    await startWorker();
    for (const command of ['validate', 'backup', 'check']) {
      const ended = await rekindle([command, 'db']);
      expecting([command, ended.exitCode], ended.stdout + ended.stderr).toEqual([command, 0]);
    }
  },
  limit,
);

test(
  'restored in place: services stop, keep their ids and are what they were; a rollback brings the old data back',
  async () => {
    const { swarm, withElasticsearch, rekindle } = nuvla;
    const before = await inspected(swarm);
    const ids = await idsOfServices(swarm);
    await withElasticsearch((client) =>
      client.index({ index: 'nuvla-user', id: 'later', document: { id: 'user/later' }, refresh: true }),
    );
    const has = () => withElasticsearch(async (client) => client.exists({ index: 'nuvla-user', id: 'later' }));
    const report = await restore();
    expect(report.verdict).toBe('pass');
    expect(await has()).toBe(false);
    expect(await inspected(swarm)).toEqual(before);

    const back = await rekindle(['rollback', report.run, '--json']);
    expecting(back, back.stdout + back.stderr).toMatchObject({ exitCode: 0 });
    expect(await has()).toBe(true);
    expect(await inspected(swarm)).toEqual(before);
    expect(await idsOfServices(swarm)).toEqual(ids);
  },
  limit,
);

test(
  'all of it gone: a side container on the overlay network rebuilds the queue in place of the native rebuild',
  async () => {
    await withSideContainer(nuvla.platformFile);
    const before = await inspected(nuvla.swarm);
    await destroy(nuvla.swarm);
    const { steps, verdict } = await restore();
    expect(verdict).toBe('pass');
    expect(JSON.stringify(steps)).toMatch(/Exit code 0; restored [1-9]\d* jobs/);
    expect(await inspected(nuvla.swarm)).toEqual(before);
    expect(await nuvla.entries()).not.toEqual([]);
  },
  limit,
);
