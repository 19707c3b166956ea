import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parsePlatform } from '../../../config/platform-file.ts';
import { namedServices } from '../../../domain/swarm.ts';

const folder = fileURLToPath(new URL('../../../examples/', import.meta.url));
const read = async (name: string) => parsePlatform(await readFile(join(folder, name), 'utf8'), name, {});

test('every example is a platform file that Rekindle takes, named after its platform', async () => {
  for (const name of await readdir(folder)) expect(`${(await read(name)).platform}.yaml`).toBe(name);
});

test("Nuvla's has its services by their exact names, and starts the distributors last", async () => {
  const { deployment, stores } = await read('nuvla.yaml');
  if (deployment.kind !== 'swarm') throw new Error('it is no swarm');
  expect([...namedServices(deployment).keys()]).toEqual([
    'db_es',
    'db_zk',
    'nuvla_api',
    'nuvla_job-executor',
    'nuvla_job-distributor',
    'streams_subs-notifs',
  ]);
  expect(stores).toMatchObject([
    { kind: 'elasticsearch', repository: { name: 's3_backup', settings: { bucket: 'nuvla-es-backup' } } },
    { kind: 'zookeeper-queue', defaultPriority: 999 },
  ]);
});
