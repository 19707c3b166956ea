import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../../../domain/plans/plan.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { engine, gone } from '../../../stack/engine.ts';
import { removeContainers } from '../../../stack/removal.ts';
import { untilHealthy } from '../../../stack/wait.ts';
import { engineRoot, filesBelow, inEngineRoot } from '../harness/engine-root.ts';
import { composed } from '../harness/golden.ts';
import { expectPassed, useScenario, useVariant } from '../harness/index.ts';
import { expecting } from '../../expecting.ts';

// The shape that is most common outside of Swarm: data in a bind-mounted folder, the repository on a volume next to it.

const scenario = useScenario();
const variant = useVariant(scenario);
const late = { index: 'nuvla-event', id: 'written-after-the-backup' };
const dataPath = '/usr/share/elasticsearch/data';

const folder = () => join(scenario.platform.folder, 'es-data');
const volumeNames = () => ['backups', 'analysis'].map((name) => `${scenario.platform.project}_${name}`);
const overrideFile = () => join(scenario.platform.folder, 'compose.override.yaml');

beforeAll(async () => {
  const { platform } = scenario;
  await writeFile(
    overrideFile(),
    `services:
  elasticsearch:
    environment: { path.repo: /backups }
    volumes:
      - ./es-data:${dataPath}
      - backups:/backups
      - analysis:/usr/share/elasticsearch/config/analysis
volumes: { backups: {}, analysis: {} }
`,
  );
  await mkdir(folder());
  // Compose makes the volumes, so that they are its own.
  await composed(platform, ['up', '--no-start', 'elasticsearch']);
  await copyData();
  await composed(platform, ['up', '-d']);
  await untilHealthy(platform);
  await variant.write(({ stores }) => {
    Object.assign(stores[0]!, {
      repository: { name: 'fs_backup', type: 'fs', settings: { location: '/backups' } },
      secrets: {},
    });
  });
});

afterAll(async () => {
  await scenario.spoil();
  await rm(overrideFile(), { force: true });
  await removeContainers(scenario.platform.project, ['elasticsearch']);
  for (const name of volumeNames()) await gone(engine().getVolume(name).remove());
  await rm(folder(), { recursive: true, force: true });
  await rm(join(scenario.platform.folder, '.rekindle-quarantine'), { recursive: true, force: true });
});

/** The data that the platform has, into the folder; what the service writes to belongs to it. */
async function copyData(): Promise<void> {
  const script = [
    'cp -a "$root/volumes/$1_esdata/_data/." /to/',
    'chown 1000:0 /to "$root/volumes/$1_backups/_data"',
    'echo the > "$root/volumes/$1_analysis/_data/stop.txt"',
  ];
  await inEngineRoot(scenario.platform.project, script.join('; '), [`${folder()}:/to`]);
}

const hasLate = () => withElasticsearch(scenario.platform, (client) => client.exists(late));
const filesIn = async (volume: string) => filesBelow(join(await engineRoot(), 'volumes', volume, '_data'));

test('the folder is set aside and comes back; repository and analysis files stay where they are', async () => {
  const { platform, rekindle } = scenario;
  const { project } = platform;
  const { environment } = variant;
  const [backups = '', analysis = ''] = volumeNames();
  await scenario.startWorker(environment);
  const backup = await rekindle(['backup', project, '--json'], { environment });
  expecting(backup.exitCode, backup.stdout + backup.stderr).toBe(0);
  await withElasticsearch(platform, (client) =>
    client.index({ ...late, document: { id: 'event/late' }, refresh: true }),
  );

  const dry = await rekindle(['restore', project, '--point', 'latest', '--dry-run', '--json'], { environment });
  expecting(dry.exitCode, dry.stdout + dry.stderr).toBe(0);
  const fates = (dry.json as { plan: Plan }).plan.mounts?.filter(({ service }) => service === 'elasticsearch');
  expect(Object.fromEntries(fates?.map(({ source, goes, why }) => [source, [goes, why]]) ?? [])).toMatchObject({
    [folder()]: [true, `data of documents (${dataPath})`],
    [backups]: [false, 'holds the repository of documents (/backups)'],
    [analysis]: [false, expect.stringContaining('configuration')],
  });

  const snapshots = await filesIn(backups);
  const report = await expectPassed(
    scenario,
    await rekindle(['restore', project, '--point', 'latest', '--yes', '--json'], { environment }),
  );
  expect(await hasLate()).toBe(false);
  expect(await filesIn(backups)).toBeGreaterThanOrEqual(snapshots);
  expect(await filesIn(analysis)).toBe(1);
  expect(await readdir(join(platform.folder, '.rekindle-quarantine'))).toHaveLength(1);

  const back = await rekindle(['rollback', report.run, '--json'], { environment });
  expecting(back.exitCode, back.stdout + back.stderr).toBe(0);
  expect(await hasLate()).toBe(true);
  const release = await rekindle(['release', report.run, '--json'], { environment });
  expecting(release.exitCode, release.stdout + release.stderr).toBe(0);
  expect(await readdir(platform.folder)).not.toContain('.rekindle-quarantine');
  expect(await hasLate()).toBe(true);
});
