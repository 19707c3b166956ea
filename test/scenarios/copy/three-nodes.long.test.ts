import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { expecting } from '../../expecting.ts';
import { facts, useScenario, useVariant } from '../harness/index.ts';
import { startThreeNodes, type ThreeNodes } from './three-nodes.ts';

// From the platform's Elasticsearch 8 into a cluster of three nodes of Elasticsearch 9, all of them named as seeds.

const scenario = useScenario();
const variant = useVariant(scenario);
let staging: ThreeNodes;
const ask = (...args: string[]) => scenario.rekindle(args, { environment: variant.environment });
const copy = (...more: string[]) =>
  ask('copy', scenario.platform.project, 'staging', '--indices', 'nuvla-*', '--point', facts().point, ...more);

beforeAll(async () => {
  await variant.write(() => undefined);
  const { s3 } = scenario.platform;
  staging = await startThreeNodes('three', s3);
  const file = {
    platform: 'staging',
    stores: [
      {
        name: 'documents',
        kind: 'elasticsearch',
        // The one that will be down is asked first.
        nodes: [staging.seeds[1], staging.seeds[0], staging.seeds[2]],
        repository: { name: 'own', type: 's3', settings: { bucket: 'staging', endpoint: s3.endpoint } },
      },
    ],
    catalogue: { kind: 'directory', path: join(variant.folder, 'staging-catalogue') },
    restore: { approval: 'required' },
  };
  await writeFile(join(variant.folder, 'staging.yaml'), stringify(file));
});
afterAll(() => staging.remove());

test('with all three nodes, then with two: indices of 8 are copied into 9, spread, and verified', async () => {
  const versions = await Promise.all([
    withElasticsearch(scenario.platform, (client) => client.nodes.info()),
    staging.client.nodes.info(),
  ]);
  expect(
    versions.map(({ cluster_name: name, nodes }) => [name, ...Object.values(nodes).map((each) => each.version)]),
  ).toEqual([
    ['rekindle-stack', '8.19.0'],
    ['three', '9.2.0', '9.2.0', '9.2.0'],
  ]);

  await scenario.startWorker(variant.environment);
  const whole = await copy('--yes', '--json');
  expecting(whole, whole.stdout + whole.stderr).toMatchObject({ exitCode: 0, json: { kind: 'copy', verdict: 'pass' } });

  await staging.kill(1);
  const again = await copy(
    '--rename',
    'nuvla-*=copied-*',
    '--setting',
    'index.number_of_replicas=1',
    '--yes',
    '--json',
  );
  expecting(again, again.stdout + again.stderr).toMatchObject({ exitCode: 0, json: { kind: 'copy', verdict: 'pass' } });
  expect((again.json as RunProgress).steps.filter(({ status }) => status !== 'done')).toEqual([]);

  const { 'nuvla-event': events, 'nuvla-user': users } = facts().seeded.documents;
  const counts = await Promise.all(
    ['copied-event', 'copied-user'].map(async (index) => (await staging.client.count({ index })).count),
  );
  expect(counts).toEqual([events, users]);
  await staging.client.cluster.health({ index: 'copied-*', wait_for_status: 'green', timeout: '60s' });
  const shards = await staging.client.cat.shards({ index: 'copied-event', format: 'json' });
  expect(new Set(shards.map(({ node }) => node))).toEqual(new Set(['node-0', 'node-2']));
  expect(Object.keys(await staging.client.snapshot.getRepository())).toEqual([]);
});
