import { mkdir, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { eventually } from '../../../stack/engine.ts';
import { expecting } from '../../expecting.ts';
import { startHosts, type Hosts } from '../hosts/engines.ts';
import { inventoryOf } from '../hosts/inventory.ts';
import { possible } from '../hosts/on-the-wire.ts';
import { makeProcesses } from '../hosts/processes.ts';
import { bringUpOn, images, openMachine, passed, writeSecrets, type Machine } from './machine.ts';

// A machine is lost with all that was on it: engine, volumes, the platform's folder, buckets, catalogue, Temporal. On another one,
// whose engine has nothing, not even images, and no registry, one file, the key and the keys of an S3 server bring the platform back.

const project = `rkn-${randomBytes(2).toString('hex')}`;
const processes = makeProcesses();
let hosts: Hosts;

/** What a user of the platform would find, asked of each server with its own tools. */
async function contentOf(machine: Machine): Promise<unknown> {
  const sql = 'select count(*), md5(string_agg(name, $$$$ order by id)) from account';
  const roles = 'select string_agg(rolname, $$,$$ order by rolname) from pg_roles where rolname !~ $$^pg_$$';
  const psql = (text: string, database: string) =>
    machine.run('postgresql', ['psql', '-XAtq', '-U', 'postgres', '-d', database, '-c', text]);
  return {
    notes: await machine.ask('elasticsearch', '/nuvla-note/_search?size=500&sort=n&_source=true'),
    accounts: await psql(sql, 'accounts'),
    roles: await psql(roles, 'accounts'),
    keys: await machine.run('etcd', ['etcdctl', 'get', '', '--prefix']),
  };
}

/** Of a search: its hits alone, without how long it took. */
const withoutTimes = (content: unknown): unknown =>
  JSON.parse(JSON.stringify(content, (key, value: unknown) => (['took', '_shards'].includes(key) ? undefined : value)));

async function seed(machine: Machine): Promise<void> {
  await eventually('the platform answers', 180, () => machine.ask('api', '/healthz'));
  for (let n = 0; n < 50; n++)
    await machine.ask('elasticsearch', `/nuvla-note/_doc/${n}?refresh=true`, {
      method: 'PUT',
      body: { n, text: `note ${n}` },
    });
  const sql =
    'create role clerk login; create table account (id int primary key, name text); ' +
    'insert into account select n, md5(n::text) from generate_series(1, 2000) n';
  await machine.run('postgresql', ['psql', '-Xq', '-U', 'postgres', '-d', 'accounts', '-c', sql]);
  for (let n = 0; n < 5; n++) await machine.run('etcd', ['etcdctl', 'put', `/locks/${n}`, `holder ${n}`]);
}

/** From the API through the queue to the executor and back into the database. */
async function runJob(machine: Machine): Promise<void> {
  const body = { action: 'start_deployment', target: 'deployment/after-restore', priority: 0 };
  const job = (await machine.ask('api', '/api/job', { method: 'POST', body })) as { 'resource-id': string };
  const id = job['resource-id'].replace(/^job\//, '');
  await eventually('the job is done', 120, async () => {
    const document = await machine.ask('elasticsearch', `/nuvla-job/_doc/${id}`);
    expect(document).toMatchObject({ _source: { state: 'SUCCESS' } });
  });
}

(possible ? describe : describe.skip)('a machine that knows nothing', () => {
  beforeAll(async () => {
    hosts = await startHosts(project, { images: { old: images, new: [] } });
  });
  afterAll(async () => {
    await processes.end();
    await hosts.end();
  });

  test('one file and the key bring a lost platform back, with all of its stores', async () => {
    const { folder } = hosts;
    const [oldHost, newHost] = hosts.hosts;
    const place = join(folder, 'srv', project);
    const [keyFile, archive] = [join(folder, 'key.txt'), join(folder, 'platform.tgz')];
    const [oldHome, newHome] = [join(folder, 'old-home'), join(folder, 'new-home')];
    const old = await openMachine(oldHost!, { home: oldHome, keyFile, project, bucket: 'lost' }, processes);
    const made = await old.rekindle(['keygen', keyFile]);
    expecting(made.exitCode, made.text).toBe(0);
    await mkdir(place, { recursive: true });
    await bringUpOn(old, { folder: place, project, platforms: join(oldHome, 'platforms') });
    await seed(old);
    await old.startWorker();
    passed(await old.demand(['backup', project]));
    const content = withoutTimes(await contentOf(old));
    const inventory = await inventoryOf(old.host);
    const exported = await old.demand(['export', project, 'latest', '-o', archive, '--with-images']);
    expect(exported).toMatchObject({ artefacts: 'data', images: expect.any(Array) as unknown });

    await processes.end();
    await hosts.lose(old.host);
    for (const lost of [oldHome, place]) await rm(lost, { recursive: true });

    const machine = await openMachine(newHost!, { home: newHome, keyFile, project, bucket: 'fresh' }, processes);
    await writeSecrets(place, machine.s3);
    await machine.demand(['import', archive, '--check']);
    const imports = ['import', archive, '--to', 's3://fresh/nuvla', '--endpoint', machine.s3.endpoint, '--images'];
    expect(await machine.demand(imports)).toMatchObject({ engineImages: 'loaded' });
    expect(await machine.demand(imports)).toMatchObject({ engineImages: 'present' });
    // What is told without Temporal and without a worker: nothing is missing.
    await machine.demand(['restore', project, '--point', 'latest', '--dry-run']);
    await machine.startWorker();
    passed(await machine.demand(['restore', project, '--point', 'latest', '--yes']));

    expect(withoutTimes(await contentOf(machine))).toEqual(content);
    expect(await inventoryOf(machine.host)).toEqual(inventory);
    await runJob(machine);
    passed(await machine.demand(['backup', project]));
  }, 900_000);
});
