import type { Plan } from '../../../domain/plans/plan.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { expecting } from '../../expecting.ts';
import { expectAlive, facts, snapshotOfEngine, useScenario, useVariant } from '../harness/index.ts';

// An index deleted by mistake comes back into the living platform: what uses it stands still meanwhile, and all else goes on.

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
const index = 'nuvla-event';
const ask = (...args: string[]) => scenario.rekindle(args, { environment: variant.environment });

beforeAll(() =>
  variant.write((file) => {
    (file['deployment'] as Record<string, unknown>)['uses'] = { api: ['nuvla-event'], 'job-executor': ['nuvla-job'] };
  }),
);

test('an index deleted by mistake is back; only the service that uses it was stopped', async () => {
  const { platform } = scenario;
  const late = { index: 'nuvla-user', id: 'written-after-the-backup' };
  await withElasticsearch(platform, async (client) => {
    await client.index({ ...late, document: { id: 'user/late' }, refresh: true });
    await client.indices.delete({ index });
  });
  const started = await startsOf();
  const restore = ['restore', platform.project, '--indices', index, '--point', facts().point];
  const preview = await ask(...restore, '--dry-run', '--json');
  expecting(preview, preview.stdout + preview.stderr).toMatchObject({ exitCode: 0 });
  const { plan } = preview.json as { plan: Plan };
  expect(plan).not.toHaveProperty('pointOfNoReturn');
  const ids = plan.steps.map(({ id }) => id);
  expect(ids.filter((id) => /^(stop|start|smoke)-/.test(id))).toEqual(['stop-api', 'start-api', 'smoke-check']);

  await scenario.startWorker(variant.environment);
  const ended = await ask(...restore, '--yes', '--json');
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
  const progress = ended.json as RunProgress;
  expect(progress).toMatchObject({ kind: 'copy', verdict: 'pass', planHash: plan.hash });
  const when = (id: string) => progress.steps.find((step) => step.id === id);
  expect((when('stop-api')?.finishedAt ?? '') <= (when('copy-1')?.startedAt ?? '')).toBe(true);
  expect((when('verify-1')?.finishedAt ?? '') <= (when('start-api')?.startedAt ?? '')).toBe(true);

  await withElasticsearch(platform, async (client) => {
    expect((await client.count({ index })).count).toBe(facts().seeded.documents[index]);
    // An index of its own again, and no alias; what others hold is as new as before.
    expect(Object.keys(await client.indices.get({ index }))).toEqual([index]);
    expect(await client.exists(late)).toBe(true);
    await client.delete({ ...late, refresh: true });
  });
  await expectAlive(scenario);
  const after = await startsOf();
  const changed = Object.keys(started).filter((name) => started[name] !== after[name]);
  expect(changed).toEqual([expect.stringMatching(/[-_]api[-_]/)]);
});

/** When each container of the platform was started, and which one it is. */
async function startsOf(): Promise<Record<string, string>> {
  const { containers } = await snapshotOfEngine();
  return Object.fromEntries(containers.map(({ name, id, startedAt }) => [name, `${id} ${startedAt}`]));
}
