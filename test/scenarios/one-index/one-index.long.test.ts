import type { RunProgress } from '../../../domain/runs/progress.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { expecting } from '../../expecting.ts';
import { expectAlive, facts, useScenario, useVariant } from '../harness/index.ts';

// An index damaged by mistake is swapped in under its name, with a worker that dies in the middle: its user stands still for
// the swap alone.

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
const index = 'nuvla-job';
const ask = (...args: string[]) => scenario.rekindle(args, { environment: variant.environment });

beforeAll(() =>
  variant.write((file) => {
    (file['deployment'] as Record<string, unknown>)['uses'] = { 'job-executor': ['nuvla-job'], api: ['nuvla-*'] };
  }),
);
// The name means another index from now on.
afterAll(() => scenario.spoil());

test('a damaged index is swapped in; its queue is rebuilt; services stood still around the swap', async () => {
  const { platform } = scenario;
  await withElasticsearch(platform, (client) =>
    client.deleteByQuery({ index, query: { match_all: {} }, refresh: true, conflicts: 'proceed' }),
  );
  const worker = await scenario.startWorker(variant.environment);
  const restore = ['restore', platform.project, '--indices', index, '--point', facts().point, '--yes', '--json'];
  const ending = ask(...restore);
  const run = await scenario.openRun('copy');
  const began = (id: string) => (progress: RunProgress) =>
    progress.steps.some((step) => step.id === id && step.startedAt !== undefined);
  await scenario.until(run, 'copies', began('copy-1'));
  await worker.kill();
  await scenario.startWorker(variant.environment);
  const ended = await ending;
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
  const progress = ended.json as RunProgress;
  expect(progress).toMatchObject({ kind: 'copy', verdict: 'pass' });
  const step = (id: string) => progress.steps.find((one) => one.id === id);
  expect((step('verify-1')?.finishedAt ?? '') <= (step('stop-job-executor')?.startedAt ?? '')).toBe(true);
  expect((step('verify-jobs')?.finishedAt ?? '') <= (step('start-api')?.startedAt ?? '')).toBe(true);
  await withElasticsearch(platform, async (client) => {
    const [name = ''] = Object.keys(await client.indices.getAlias({ name: index }));
    expect(name).toBe(`${index}-${facts().point.toLowerCase()}`);
  });
  await expectAlive(scenario);

  // The next backup takes it under its new name.
  const backup = await ask('backup', platform.project, '--json');
  expecting(backup, backup.stdout + backup.stderr).toMatchObject({ exitCode: 0, json: { verdict: 'pass' } });
}, 240_000);
