import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { unnamedChanges } from '../../../domain/engine-inventory.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { expecting } from '../../expecting.ts';
import { idsOfServices, inspected, runningTasks } from '../../swarm-inspect.ts';
import { destroy } from './disaster.ts';
import { withSideContainer } from './side-container.ts';
import { withDrill } from './with-drill.ts';
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
  'a drill next to the services, as plain containers: passes, proves its point, and the swarm is as it was',
  async () => {
    const { swarm, engine, name, rekindle } = nuvla;
    await withDrill(nuvla.platformFile);
    const look = async () => ({
      services: await inspected(swarm),
      tasks: await runningTasks(swarm),
    });
    const [before, inventory] = [await look(), await engine.inventory('here')];
    const shown = await rekindle(['drill', name, '--dry-run', '--json']);
    expecting(shown, shown.stdout + shown.stderr).toMatchObject({
      exitCode: 0,
      json: { verdict: 'pass', plan: { kind: 'drill' } },
    });

    const ended = await rekindle(['drill', name, '--json'], 300);
    expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
    const { checks, verdict, recoveryPoint } = ended.json as RunProgress;
    expect(verdict).toBe('pass');
    for (const check of ['drill images', 'drill network', 'queue entries', 'health', 'engine'])
      expect(checks).toContainEqual(expect.objectContaining({ name: check, verdict: 'pass' }));
    expect(checks).toContainEqual(
      expect.objectContaining({ name: expect.stringMatching(/^smoke .*nuvla_api/) as string }),
    );
    const scene = checks.find((check) => check.name === 'drill scene');
    expect(scene?.evidence).toContain("not rehearsed: Swarm's placement, overlay networks, replicas");
    // The api's config is in the capture, and secrets of the database have references.
    expect(scene?.warning).toBeUndefined();

    expect(await look()).toEqual(before);
    const nothing = { containers: [], volumes: [], networks: [] };
    expect(unnamedChanges(inventory, await engine.inventory('here'), nothing)).toEqual([]);
    expect(await engine.listDrills(name)).toEqual([]);
    const { points } = (await rekindle(['points', name, '--json'])).json as { points: { id: string }[] };
    expect(points.find(({ id }) => id === recoveryPoint?.id)).toHaveProperty('provenAt');
    const kept = await rekindle(['drill', name, '--keep', '1', '--json']);
    expect(kept.stdout + kept.stderr).toContain('cannot be kept, to be swapped in: it is deployed by Docker Swarm');
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
