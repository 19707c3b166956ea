import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import { refusal } from './fake-platform.ts';
import { test } from './scene.ts';

const started = ({ arguments: { service, containers } }: StepCall<'startService'>): Promise<StepOutcome> =>
  Promise.resolve({
    summary: `${service} healthy`,
    starts: Object.fromEntries(containers.map(({ name }) => [name, `${name} 0`])),
  });

test('before the verdict, all that the run has started must run as it was started', async ({ openScene }) => {
  const confirmed: StepCall<'confirmHealth'>['starts'][] = [];
  const scene = await openScene({
    overrides: {
      startService: started,
      confirmHealth(call) {
        confirmed.push(call.starts);
        if (confirmed.length > 1) return Promise.resolve({ summary: 'all run' });
        return Promise.reject(refusal('ServiceUnhealthy', 'Container demo_api_1 was healthy and has stopped since'));
      },
    },
    policy: { outageSeconds: 1 },
  });
  const handle = await scene.start('restore');
  const report = (await handle.result()) as RunProgress;
  expect(report).toMatchObject({ phase: 'passed' });
  expect(Object.keys(confirmed[0] ?? {}).toSorted()).toEqual([
    'demo_api_1',
    'demo_elasticsearch_1',
    'demo_job-distributor_1',
    'demo_job-executor_1',
    'demo_job-executor_2',
    'demo_zookeeper_1',
  ]);
  expect(confirmed[0]).toMatchObject({ demo_api_1: 'demo_api_1 0' });
});
