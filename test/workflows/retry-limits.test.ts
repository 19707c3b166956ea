import { downtimeOf } from '../../domain/runs/downtime.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { RunPolicy } from '../../domain/runs/run.ts';
import { decide } from '../../workflows/messages.ts';
import { refusal } from './fake-platform.ts';
import { inPhase, test, type OpenScene } from './scene.ts';

/** Elasticsearch is not healthy in time; then a person edits the platform file (`policyNow`) and has the step retried. */
async function retried(openScene: OpenScene, policyNow: () => Promise<Partial<RunPolicy>>) {
  const limits: Record<string, number[]> = { elasticsearch: [], api: [], documents: [] };
  let edited = false;
  const scene = await openScene({
    policyNow: () => (edited ? policyNow() : Promise.resolve({})),
    overrides: {
      startService: ({ arguments: { service, healthTimeoutSeconds } }) => {
        limits[service]?.push(healthTimeoutSeconds);
        if (service === 'elasticsearch' && !edited) return Promise.reject(refusal('ContainerFailed', 'late'));
        return Promise.resolve({ summary: 'healthy' });
      },
      awaitStore: ({ arguments: { store, timeoutSeconds } }) => {
        limits[store]?.push(timeoutSeconds);
        return Promise.resolve({ summary: 'answers' });
      },
    },
  });
  const handle = await scene.start('restore');
  await inPhase(handle, 'waiting for decision');
  edited = true;
  await handle.executeUpdate(decide, { args: [{ step: 'start-elasticsearch', choice: 'retry', by: 'ann' }] });
  return { limits, report: (await handle.result()) as RunProgress };
}

test('a retry follows the platform file as it is now, and so do the steps after it', async ({ openScene }) => {
  const { limits, report } = await retried(openScene, () =>
    Promise.resolve({ limits: { healthTimeoutSeconds: 900, settleSeconds: 2, stopGraceSeconds: 30 } }),
  );
  expect(limits).toEqual({ elasticsearch: [120, 900], api: [900], documents: [900] });
  expect(report.verdict).toBe('pass');
  const first = report.steps.find(({ id }) => id === 'start-elasticsearch');
  expect(Date.parse(first?.firstStartedAt ?? '')).toBeLessThan(Date.parse(first?.startedAt ?? ''));
  const stopped = Date.parse(report.steps.find(({ action }) => action === 'stopService')?.startedAt ?? '');
  const healthy = Date.parse(report.steps.find(({ id }) => id === 'start-job-distributor')?.finishedAt ?? '');
  expect(downtimeOf(report, Date.now())).toEqual({ seconds: (healthy - stopped) / 1000, over: true });
});

test('a file with a mistake in it does not hinder a retry: the earlier limits count, and the run says so', async ({
  openScene,
}) => {
  let reads = 0;
  const { limits, report } = await retried(openScene, () => {
    // It is corrected before the fresh backup reads it.
    reads += 1;
    return reads === 1
      ? Promise.reject(refusal('InvalidPlatformFile', 'nuvla.yaml is not valid'))
      : Promise.resolve({});
  });
  expect(limits).toEqual({ elasticsearch: [120, 120], api: [120], documents: [120] });
  expect(report.notes).toEqual([expect.stringContaining('nuvla.yaml is not valid')]);
});
