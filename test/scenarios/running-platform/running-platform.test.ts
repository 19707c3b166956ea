import type { RunProgress } from '../../../domain/runs/progress.ts';
import { elasticsearchClient, withElasticsearch } from '../../../stack/clients.ts';
import {
  engineRoot,
  expectAlive,
  expectPassed,
  facts,
  filesBelow,
  quarantined,
  restartPolicies,
  snapshotOfEngine,
  useScenario,
} from '../harness/index.ts';

const scenario = useScenario();

test('over a running platform: data newer than the backup is gone, the old data is in quarantine', async () => {
  const { platform, rekindle } = scenario;
  const { project, volumes } = platform;
  const before = await snapshotOfEngine();
  const late = { index: 'nuvla-event', id: 'written-after-the-backup' };
  await withElasticsearch(platform, async (client) => {
    await client.index({ ...late, document: { id: 'event/late' }, refresh: true });
    await client.indices.create({ index: 'nuvla-late' });
  });

  await scenario.startWorker();
  const report = await expectPassed(
    scenario,
    await rekindle(['restore', project, '--point', facts().point, '--yes', '--json']),
  );

  const again = await elasticsearchClient(platform);
  try {
    expect(await again.exists(late)).toBe(false);
    expect(await again.indices.exists({ index: 'nuvla-late' })).toBe(false);
  } finally {
    await again.close();
  }
  await expectAlive(scenario);

  expectOrder(report);
  const after = await snapshotOfEngine();
  expect(restartPolicies(after)).toEqual(restartPolicies(before));
  // Set aside by a rename: the containers and the volumes are those of before.
  expect(after.containers.map(({ id }) => id)).toEqual(before.containers.map(({ id }) => id));
  // Not their times: the engine takes a change of the data folder for the volume's creation.
  expect(after.volumes.map(({ name }) => name)).toEqual(before.volumes.map(({ name }) => name));

  const kept = (await quarantined(project)).filter((path) => path.includes(encodeURIComponent(report.run)));
  const names = [...volumes.elasticsearch, ...volumes.zookeeper].sort();
  expect(kept.map((path) => path.split('/').at(-1)).sort()).toEqual(names);
  const root = await engineRoot();
  for (const path of kept) {
    expect(path.startsWith(`${root}/rekindle-quarantine/`)).toBe(true);
    expect(await filesBelow(path)).toBeGreaterThan(0);
  }
});

/** The core stops in reverse order and before the data services, and starts in order after them. */
function expectOrder({ steps }: RunProgress): void {
  const services = (action: string) =>
    steps
      .filter((step) => step.action === action)
      .toSorted((a, b) => (a.startedAt ?? '').localeCompare(b.startedAt ?? ''))
      .map(({ id }) => id.replace(/^(stop|start)-/, ''));
  const core = ['api', 'job-executor', 'job-distributor'];
  const stops = services('stopService');
  const starts = services('startService');
  expect(stops.slice(0, 3)).toEqual(core.toReversed());
  expect(stops.slice(3).sort()).toEqual(['elasticsearch', 'zookeeper']);
  expect(starts.slice(0, 2).sort()).toEqual(['elasticsearch', 'zookeeper']);
  expect(starts.slice(2)).toEqual(core);
  const ended = (id: string) => steps.find((step) => step.id === id)?.finishedAt ?? '';
  const began = (id: string) => steps.find((step) => step.id === id)?.startedAt ?? '';
  expect(ended('stop-api') <= began('stop-elasticsearch')).toBe(true);
  expect(ended('stop-elasticsearch') <= began('start-elasticsearch')).toBe(true);
  expect(ended('verify-documents') <= began('start-api')).toBe(true);
  expect(ended('verify-jobs') <= began('start-api')).toBe(true);
}
