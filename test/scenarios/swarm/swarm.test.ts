import type { RunProgress } from '../../../domain/runs/progress.ts';
import { expecting } from '../../expecting.ts';
import { inspected, runningTasks } from '../../swarm-inspect.ts';
import { destroy, namesOfVolumes } from './disaster.ts';
import { startSmallNuvla, type SmallNuvla } from './small-nuvla.ts';

let nuvla: SmallNuvla;

beforeAll(async () => {
  nuvla = await startSmallNuvla();
  await nuvla.startWorker();
});
afterAll(() => nuvla.end(), 60_000);

test('services, volumes and networks of all stacks gone: restored as they were, for the swarm and for its stacks', async () => {
  const { name, swarm, rekindle, withElasticsearch, seeded } = nuvla;
  const backup = await rekindle(['backup', name, '--json']);
  expecting(backup, backup.stdout + backup.stderr).toMatchObject({ exitCode: 0 });
  const before = await inspected(swarm);
  const volumes = await namesOfVolumes(swarm);

  await destroy(swarm);

  const ended = await rekindle(['restore', name, '--yes', '--json']);
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
  const { verdict, steps } = ended.json as RunProgress;
  expect(verdict).toBe('pass');
  // Executors go on with it from here.
  const queue = steps.find(({ action }) => action === 'verifyQueue');
  expect(queue?.summary).toMatch(/^[1-9]\d* entries, equal to the jobs/);

  expect(await inspected(swarm)).toEqual(before);
  expect((await namesOfVolumes(swarm)).toSorted()).toEqual(volumes.toSorted());
  expect(await withElasticsearch(async (client) => (await client.count({ index: 'nuvla-user' })).count)).toBe(
    seeded.documents['nuvla-user'],
  );

  const tasks = await runningTasks(swarm);
  for (const stack of ['db', 'streams', 'nuvla'] as const) await nuvla.deploy(stack);
  expect(await runningTasks(swarm)).toEqual(tasks);
});
