import type { RunProgress } from '../../../domain/runs/progress.ts';
import { loseEverything } from '../../../stack/disasters.ts';
import { expecting } from '../../expecting.ts';
import {
  bucketOf,
  expectAlive,
  facts,
  largestFileIn,
  useScenario,
  useVariant,
  withWrongBytes,
} from '../harness/index.ts';

// A file is damaged, and nothing can put it back: the night after has a good point again, and the platform comes back from it.
const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
afterAll(() => scenario.spoil());

const bucket = () => bucketOf(scenario, scenario.platform.buckets.repository);

const rekindle = async (...args: string[]) =>
  scenario.rekindle(args, { environment: variant.environment, withinSeconds: 400 });

test('a new base after damage: the next backup is good, a restore works from it, and old points are still readable', async () => {
  const { project } = scenario.platform;
  await variant.write((file) => Object.assign(file, { backup: { ...file.backup, onDamage: 'newBase', scrubDays: 0 } }));
  await scenario.startWorker(variant.environment);
  const { key, good } = await largestFileIn(bucket());
  await bucket().put(key, withWrongBytes(good));
  expect((await rekindle('scrub', project, '--all')).exitCode).toBe(1);

  const backup = await rekindle('backup', project, '--json');
  expecting(backup.exitCode, backup.stdout + backup.stderr).toBe(0);
  const fresh = (backup.json as RunProgress).recoveryPoint?.id ?? '';
  const shown = await rekindle('points', project, '--point', fresh, '--json');
  expect(shown.json).toMatchObject({ manifest: { stores: [{ repository: 's3_backup-base-2' }] } });

  await loseEverything(scenario.platform);
  const restore = await rekindle('restore', project, '--yes', '--json');
  expecting(restore.exitCode, restore.stdout + restore.stderr).toBe(0);
  expect((restore.json as RunProgress).recoveryPoint?.id).toBe(fresh);
  const validate = await rekindle('validate', project);
  expecting(validate.exitCode, validate.stdout + validate.stderr).toBe(0);

  // The file is back, by whomever: the older point is good again, and preflight reads it under the old base.
  await bucket().put(key, good);
  expect((await rekindle('scrub', project, '--all')).exitCode).toBe(0);
  const old = await rekindle('restore', project, '--point', facts().point, '--dry-run');
  expecting(old.exitCode, old.stdout + old.stderr).toBe(0);
  // Backups go on in the new base, also after the old point was looked at.
  const again = await rekindle('backup', project, '--json');
  expecting(again.exitCode, again.stdout + again.stderr).toBe(0);
  const last = await rekindle('points', project, '--point', 'latest', '--json');
  expect(last.json).toMatchObject({ manifest: { stores: [{ repository: 's3_backup-base-2' }] } });
  await expectAliveWithBases();
}, 900_000);

/** Two repositories are registered now, which the usual proof does not know. */
async function expectAliveWithBases(): Promise<void> {
  const { withElasticsearch } = await import('../../../stack/clients.ts');
  await withElasticsearch(scenario.platform, async (client) => {
    const repositories = await client.snapshot.getRepository();
    expect(Object.keys(repositories)).toContain('s3_backup-base-2');
    for (const name of Object.keys(repositories)) await client.snapshot.deleteRepository({ name });
    const { endpoint } = scenario.platform.s3;
    const settings = { bucket: scenario.platform.buckets.repository, endpoint, path_style_access: 'true' };
    await client.snapshot.createRepository({ name: 's3_backup', repository: { type: 's3', settings } as never });
  });
  await expectAlive(scenario);
}
