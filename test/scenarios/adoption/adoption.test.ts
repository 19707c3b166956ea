import { withElasticsearch } from '../../../stack/clients.ts';
import { loseEverything } from '../../../stack/disasters.ts';
import { expectAlive, expectPassed, facts, useScenario, useVariant } from '../harness/index.ts';
import { expecting } from '../../expecting.ts';

// A repository that others wrote into (a cron line, SLM), and a catalogue that is lost: it begins empty. The tests run in
// this order. The Elasticsearch of these tests has no SLM; what SLM makes of a policy is the request below.

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
const repository = 's3_backup';
const cron = 'cron-2026.11.20';
const nightly = 'nightly-2026.11.20-dgzl6qcsrhc8ug';
const broken = 'cron-2026.11.19';
const foreign = 'wiki-2026.11.20';

interface Listed {
  adopted: { id: string; snapshot: string }[];
  notAdopted: { snapshot: string; reason: string }[];
  points: { id: string; adopted?: { snapshot: string }; documents?: number; indices: number; totalBytes: number }[];
  warnings: string[];
}

/** Neither adoption nor a look needs Temporal. */
const points = async (...args: string[]) => {
  const environment = { ...variant.environment, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const ended = await scenario.rekindle(['points', scenario.platform.project, ...args], { environment });
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
  return ended;
};
const listed = async (...args: string[]) => (await points('--json', ...args)).json as Listed;

let template: object;
let fresh: string;

beforeAll(async () => {
  await variant.write(({ catalogue }) => Object.assign(catalogue as object, { prefix: 'adoption' }));
  await withElasticsearch(scenario.platform, async (client) => {
    const take = (snapshot: string, body: object) =>
      client.snapshot.create({ repository, snapshot, wait_for_completion: true, ...body });
    await take(cron, { indices: 'nuvla-*' });
    // As SLM asks: the policy's name in the metadata, all indices, here without the global state.
    await take(nightly, { indices: '*', include_global_state: false, metadata: { policy: 'nightly-policy' } });
    await client.indices.create({ index: 'wiki', settings: { number_of_replicas: 0 }, wait_for_active_shards: 1 });
    await take(foreign, { indices: 'wiki' });
    await client.indices.delete({ index: 'wiki' });
    await client.indices.create({
      index: 'nuvla-broken',
      settings: { number_of_replicas: 0, 'index.routing.allocation.require._name': 'nowhere' },
      wait_for_active_shards: 0,
      timeout: '1s',
    });
    await take(broken, { indices: 'nuvla-*', partial: true });
    await client.indices.delete({ index: 'nuvla-broken' });
    const { index_templates: templates } = await client.indices.getIndexTemplate({ name: 'nuvla-archive' });
    template = templates[0]!.index_template;
  });
});
afterAll(() => scenario.spoil());

test('complete snapshots are adopted without Temporal; for the others the reason is given', async () => {
  const { adopted, notAdopted, points: all, warnings } = await listed('--adopt');
  expect(adopted).toEqual(
    expect.arrayContaining([
      { id: cron, snapshot: cron },
      { id: nightly, snapshot: nightly },
      // Rekindle's own, of the lost catalogue: under its id again.
      { id: facts().point, snapshot: `snapshot.${facts().point}` },
    ]),
  );
  expect(adopted).toHaveLength(3);
  expect(notAdopted).toEqual([
    { snapshot: broken, reason: expect.stringContaining('PARTIAL') as string },
    { snapshot: foreign, reason: 'none of its 1 indices matches nuvla-*' },
  ]);
  expect(warnings).toEqual([]);
  expect(all.map(({ id }) => id).toSorted()).toEqual(adopted.map(({ id }) => id).toSorted());
  for (const point of all) {
    expect(point).toMatchObject({ adopted: { snapshot: expect.any(String) as string } });
    expect(point).not.toHaveProperty('documents');
    expect(point.totalBytes).toBeGreaterThan(0);
    expect(point.indices).toBe(Object.keys(facts().seeded.documents).length);
  }
});

test('again: nothing new, nothing twice', async () => {
  const before = await listed();
  const { adopted, points: after } = await listed('--adopt');
  expect(adopted).toEqual([]);
  expect(after).toEqual(before.points);
});

test('the list and the details of one point say what is unknown', async () => {
  const { stdout } = await points();
  expect(stdout.split('\n').find((line) => line.startsWith(cron))).toMatch(/\?\s+none \(adopted\)\s+not proven/);
  const one = await points('--point', nightly);
  expect(one.stdout).toMatch(/taken by SLM policy nightly-policy/);
  expect(one.stdout).toMatch(/capture\s+none/);
  expect(one.stdout).toMatch(/nuvla-job\s+open\s+\d+ primaries\s+count not known/);
  const { json } = await points('--point', cron, '--json');
  expect(json).toMatchObject({
    point: { id: cron, adopted: { snapshot: cron } },
    manifest: { adopted: { takenBy: 'others' }, stores: [{ snapshot: cron, repository }] },
    markers: [],
  });
});

/** A restore opens all indices: the snapshot does not tell which were closed. */
const closeAgain = () =>
  withElasticsearch(scenario.platform, (client) => client.indices.close({ index: facts().seeded.closedIndex }));

const dryRun = async (point: string) => {
  const args = ['restore', scenario.platform.project, '--point', point, '--dry-run', '--json'];
  const ended = await scenario.rekindle(args, { environment: variant.environment });
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
  return (ended.json as { plan: { capture?: string } }).plan;
};

const restore = async (point: string) =>
  expectPassed(
    { ...scenario, rekindle: (args) => scenario.rekindle(args, { environment: variant.environment }) },
    await scenario.rekindle(['restore', scenario.platform.project, '--point', point, '--yes', '--json'], {
      environment: variant.environment,
    }),
  );

test('restored on a running platform: services are taken from what runs, counts are reported as unknown', async () => {
  expect((await dryRun(cron)).capture).toBe('before');
  await scenario.startWorker(variant.environment);
  const report = await restore(cron);
  expect(report.recoveryPoint).toMatchObject({ id: cron, adopted: true });
  const evidence = report.checks.find(({ name }) => name === 'index nuvla-user')?.evidence;
  expect(evidence).toMatch(/^count not known, [\d,]+ documents found/);
  expect(report.checks.map(({ name }) => name)).not.toContain('global state');
  await closeAgain();
  await expectAlive(scenario);
  const { points: all } = await listed();
  fresh = all.find(({ adopted }) => adopted === undefined)!.id;
  expect(all.find(({ id }) => id === cron)).toHaveProperty('provenAt');
});

test('restored after total loss, from the capture of another point; without global state, since the snapshot has none', async () => {
  await loseEverything(scenario.platform);
  expect((await dryRun(nightly)).capture).toBe(fresh);
  await restore(nightly);
  await closeAgain();
  await withElasticsearch(scenario.platform, async (client) => {
    expect(await client.indices.existsIndexTemplate({ name: 'nuvla-archive' })).toBe(false);
    await client.indices.putIndexTemplate({ name: 'nuvla-archive', ...template });
  });
  await expectAlive(scenario);
});

test('without a capture and without services, preflight says what is missing and what to do', async () => {
  await variant.write(({ catalogue }) => Object.assign(catalogue as object, { prefix: 'adoption-alone' }));
  await listed('--adopt');
  await loseEverything(scenario.platform);
  const args = ['restore', scenario.platform.project, '--point', cron, '--dry-run'];
  const ended = await scenario.rekindle(args, { environment: variant.environment });
  expect(ended).toMatchObject({ exitCode: 3 });
  expect(ended.stdout).toMatch(/FAIL\s+recovery point .*no other recovery point has one/);
  expect(ended.stdout).toMatch(/not on the engine: job-distributor, job-executor, api, zookeeper, elasticsearch/);
  expect(ended.stdout).toContain(`docker-compose -p ${scenario.platform.project} up -d`);
});
