import type { RunProgress } from '../../../domain/runs/progress.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { incompressible } from '../../../stack/seed-content.ts';
import { pointsOf, useScenario, useVariant } from '../harness/index.ts';
import { expecting } from '../../expecting.ts';

const scenario = useScenario();
const variant = useVariant(scenario);
const index = 'nuvla-telemetry';

const snapshots = () =>
  withElasticsearch(scenario.platform, async (client) => {
    const { snapshots = [] } = await client.snapshot.get({ repository: 's3_backup', snapshot: '*' });
    return snapshots.map(({ snapshot, state }) => `${snapshot} ${state ?? ''}`);
  });

// The newest point holds this index: without it, the next backup would be suspect.
afterAll(() => scenario.spoil());

test('the worker is killed while a snapshot is taken: the backup goes on, one snapshot and one point', async () => {
  const { platform, rekindle, startWorker, openRun, until } = scenario;
  await withElasticsearch(scenario.platform, (client) =>
    client.bulk({
      index,
      refresh: true,
      operations: [...incompressible(10_000_000, 'telemetry')].flatMap((document) => [{ create: {} }, document]),
    }),
  );
  // About ten seconds of writing: a moment that can be met.
  await variant.write(({ stores }) => {
    const repository = stores[0]!['repository'] as { settings: Record<string, string> };
    repository.settings['max_snapshot_bytes_per_sec'] = '1mb';
  });
  const { environment } = variant;
  const [snapshotsBefore, pointsBefore] = [await snapshots(), await pointsOf(scenario)];

  const first = await startWorker(environment);
  const backup = rekindle(['backup', platform.project, '--json'], { environment });
  const run = await openRun('backup');
  await until(run, 'takes a snapshot', ({ steps }) =>
    steps.some(({ id, status }) => id === 'snapshot-documents' && status === 'running'),
  );
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await first.kill();
  await startWorker(environment);

  const ended = await backup;
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0, json: { verdict: 'pass' } });
  const { recoveryPoint, steps } = ended.json as RunProgress;
  const taking = steps.find(({ id }) => id === 'snapshot-documents')!;
  expect(Date.parse(taking.finishedAt!) - Date.parse(taking.startedAt!)).toBeGreaterThan(5000);

  const added = (await snapshots()).filter((line) => !snapshotsBefore.includes(line));
  expect(added).toEqual([expect.stringMatching(/^snapshot\..* SUCCESS$/)]);
  const points = await pointsOf(scenario);
  expect(points.filter(({ id }) => !pointsBefore.some((point) => point.id === id))).toMatchObject([
    { id: recoveryPoint?.id, bad: false },
  ]);
});
