import os from 'node:os';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { incompressible } from '../../../stack/seed-content.ts';
import { expecting } from '../../expecting.ts';
import { waitFor } from '../../wait-for.ts';
import { pointsOf, useScenario, useVariant } from '../harness/index.ts';

const scenario = useScenario();
const variant = useVariant(scenario);

// The newest point holds this index: without it, the next backup would be suspect.
afterAll(() => scenario.spoil());

/** Who carries out the snapshot now, in which attempt. */
async function carrier(run: string): Promise<{ identity: string; attempt: number }> {
  const { raw } = await scenario.client.workflow.getHandle(run).describe();
  const taking = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'takeSnapshot');
  if (!taking?.lastStartedTime) throw new Error('nobody takes a snapshot');
  return { identity: taking.lastWorkerIdentity ?? '', attempt: taking.attempt ?? 0 };
}

const afterwards = (run: string, identity: string) =>
  waitFor(
    async () => {
      const now = await carrier(run);
      if (now.identity === identity) throw new Error('nobody has taken over');
      return now;
    },
    { timeout: 20_000, interval: 100 },
  );

test('of three workers on a host one ends in order and one is killed: the others go on with the backup', async () => {
  const { platform, rekindle, startWorker, openRun, until } = scenario;
  await withElasticsearch(platform, (client) =>
    client.bulk({
      index: 'nuvla-telemetry',
      refresh: true,
      operations: [...incompressible(30_000_000, 'telemetry')].flatMap((document) => [{ create: {} }, document]),
    }),
  );
  // About half a minute of writing.
  await variant.write(({ stores }) => {
    const repository = stores[0]!['repository'] as { settings: Record<string, string> };
    repository.settings['max_snapshot_bytes_per_sec'] = '1mb';
  });
  const { environment } = variant;
  const before = await pointsOf(scenario);
  const workers = [await startWorker(environment), await startWorker(environment), await startWorker(environment)];
  const who = (identity: string) => workers.find(({ pid }) => identity === `${pid}@${os.hostname()}`)!;

  const backup = rekindle(['backup', platform.project, '--json'], { environment });
  const run = await openRun('backup');
  await until(run, 'takes a snapshot', ({ steps }) =>
    steps.some(({ id, status }) => id === 'snapshot-documents' && status === 'running'),
  );
  const first = await carrier(run);
  const told = Date.now();
  await who(first.identity).stop();
  const second = await afterwards(run, first.identity);
  // Its steps had 10 s to end.
  expect((Date.now() - told) / 1000).toBeLessThan(20);
  expect(second.attempt).toBe(first.attempt + 1);

  const killed = Date.now();
  await who(second.identity).kill();
  const third = await afterwards(run, second.identity);
  expect((Date.now() - killed) / 1000).toBeLessThan(15);
  expect([first.identity, second.identity]).not.toContain(third.identity);

  const ended = await backup;
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0, json: { verdict: 'pass' } });
  const { recoveryPoint } = ended.json as RunProgress;
  const points = await pointsOf(scenario);
  const added = points.filter(({ id }) => !before.some((point) => point.id === id));
  expect(added).toMatchObject([{ id: recoveryPoint?.id, bad: false }]);
});
