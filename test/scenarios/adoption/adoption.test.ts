import { withElasticsearch } from '../../../stack/clients.ts';
import { loseEverything } from '../../../stack/disasters.ts';
import { expectAlive, facts } from '../harness/index.ts';
import { broken, cron, foreign, nightly, repository, useRepositoryOfOthers } from './repository-of-others.ts';

// The tests run in this order.

const { scenario, variant, points, listed, rekindle, captureFor, restore } = useRepositoryOfOthers();

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

test('restored after total loss, from the capture of another point; without global state, since the snapshot has none', async () => {
  const { platform } = scenario;
  const { index_templates: templates } = await withElasticsearch(platform, (client) =>
    client.indices.getIndexTemplate({ name: 'nuvla-archive' }),
  );
  await scenario.startWorker(variant.environment);
  const { json } = await rekindle('backup', platform.project, '--json');
  await loseEverything(platform);
  expect(await captureFor(nightly)).toBe((json as { recoveryPoint: { id: string } }).recoveryPoint.id);
  await restore(nightly);
  await withElasticsearch(platform, async (client) => {
    expect(await client.indices.existsIndexTemplate({ name: 'nuvla-archive' })).toBe(false);
    await client.indices.putIndexTemplate({ name: 'nuvla-archive', ...templates[0]!.index_template });
  });
  await expectAlive(scenario);
});
