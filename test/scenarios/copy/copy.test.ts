import type { Client } from '@elastic/elasticsearch';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import type { Plan } from '../../../domain/plans/plan.ts';
import { elasticsearchClient, withElasticsearch } from '../../../stack/clients.ts';
import { expecting } from '../../expecting.ts';
import { facts, useScenario, useVariant } from '../harness/index.ts';
import { startStaging, type Cluster } from './clusters.ts';
import { readAgain } from './reader.ts';

// From the platform into a cluster of another name that Rekindle did not deploy, and whose readers go on reading.

const scenario = useScenario();
const variant = useVariant(scenario);
let staging: Cluster;
const wanted = ['nuvla-event', 'nuvla-user'];
const ask = (...args: string[]) => scenario.rekindle(args, { environment: variant.environment });

beforeAll(async () => {
  await variant.write(() => undefined);
  staging = await startStaging(variant.folder, scenario.platform.s3);
  // An older state, which an application reads by two aliases.
  await staging.client.bulk({
    refresh: true,
    operations: [1, 2, 3].flatMap((n) => [{ index: { _index: 'events-2025', _id: `old-${n}` } }, { id: `old/${n}` }]),
  });
  for (const name of ['nuvla-event', 'events']) await staging.client.indices.putAlias({ index: 'events-2025', name });
});
afterAll(() => staging.remove());

test('indices are swapped into another cluster under its readers, who never see an error or an empty answer', async () => {
  const { project } = scenario.platform;
  const clusters = await Promise.all([
    staging.client.cluster.health(),
    withElasticsearch(scenario.platform, (client) => client.cluster.health()),
  ]);
  expect(new Set(clusters.map(({ cluster_name: name }) => name)).size).toBe(2);

  const copy = ['copy', project, 'staging', '--indices', wanted.join(), '--point', facts().point, '--existing', 'swap'];
  const preview = await ask(...copy, '--dry-run', '--json');
  expecting(preview, preview.stdout + preview.stderr).toMatchObject({ exitCode: 0 });
  const { plan } = preview.json as { plan: Plan };

  await scenario.startWorker(variant.environment);
  const reader = readAgain(staging.client, ['nuvla-event', 'events']);
  const ended = await ask(...copy, '--yes', '--json');
  const answers = await reader.stop();
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
  const progress = ended.json as RunProgress;
  expect(progress).toMatchObject({ kind: 'copy', platform: 'staging', verdict: 'pass', planHash: plan.hash });
  const report = await ask('report', progress.run, '--json');
  expect(report).toMatchObject({ exitCode: 0, json: { kind: 'copy', verdict: 'pass' } });

  expect(answers.faults).toEqual([]);
  const { 'nuvla-event': events, 'nuvla-user': users } = facts().seeded.documents;
  expect(answers.counts).toEqual([3, events]);
  expect(await countsOf(staging.client, ['nuvla-event', 'nuvla-user', 'events'])).toEqual([events, users, events]);
  expect((await staging.client.count({ index: 'events-2025' })).count).toBe(3);
  expect(Object.keys(await staging.client.snapshot.getRepository())).toEqual([]);
  const { persistent, transient } = await staging.client.cluster.getSettings();
  expect({ persistent, transient }).toEqual({ persistent: {}, transient: {} });
  await expectSourceUntouched();
});

const countsOf = (client: Client, indices: string[]) =>
  Promise.all(indices.map(async (index) => (await client.count({ index })).count));

/** Its repository is its own alone, its settings and content are as before, its point is not held any longer. */
async function expectSourceUntouched(): Promise<void> {
  const client = await elasticsearchClient(scenario.platform);
  try {
    expect(Object.keys(await client.snapshot.getRepository())).toEqual(['s3_backup']);
    expect((await client.cluster.getSettings()).transient).toEqual({});
  } finally {
    await client.close();
  }
  const { json } = await ask('points', scenario.platform.project, '--json');
  expect((json as { points: { pinnedBy?: string[] }[] }).points.flatMap(({ pinnedBy = [] }) => pinnedBy)).toEqual([]);
}
