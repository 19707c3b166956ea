import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { jobState, postJob, withElasticsearch } from '../../../stack/clients.ts';
import type { DemoPlatform } from '../../../stack/demo-platform.ts';
import { loseEverything } from '../../../stack/disasters.ts';
import { eventually } from '../../../stack/engine.ts';
import { removeLeftovers, tearDown } from '../../../stack/tear-down.ts';
import { upAgain } from '../../../stack/up-again.ts';
import { expecting } from '../../expecting.ts';
import { fingerprintsOf } from '../harness/content.ts';
import { useScenario } from '../harness/index.ts';
import { bringUpSecured } from './secured-platform.ts';

// The whole story on Elasticsearch 9, with TLS and users: backup, everything removed, restore.

const scenario = useScenario();
const project = `rk9-${randomBytes(3).toString('hex')}`;
let folder: string;
let platform: DemoPlatform | undefined;
const thePlatform = () => platform!;
const rekindle = (...args: string[]) => scenario.rekindle(args, { environment: thePlatform().environment });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), `${project}-`));
  platform = await bringUpSecured(project, folder);
}, 600_000);
afterAll(async () => {
  if (platform) await tearDown(platform);
  else await removeLeftovers(project);
  await rm(folder, { recursive: true, force: true });
});

test('everything removed, network included: Elasticsearch 9 comes back, with its certificates, users and content', async () => {
  const { seeded } = thePlatform();
  const content = () => withElasticsearch(thePlatform(), (client) => fingerprintsOf(client, seeded!));
  const before = await content();
  await scenario.startWorker(thePlatform().environment);
  const backup = await rekindle('backup', project, '--json');
  expecting(backup, backup.stdout + backup.stderr).toMatchObject({ exitCode: 0, json: { verdict: 'pass' } });
  const check = await rekindle('check', project);
  expecting(check, check.stdout + check.stderr).toMatchObject({ exitCode: 0 });

  await loseEverything(thePlatform());
  const restore = await rekindle('restore', project, '--yes', '--json');
  expecting(restore, restore.stdout + restore.stderr).toMatchObject({ exitCode: 0 });
  expect(restore.json as RunProgress).toMatchObject({ kind: 'restore', verdict: 'pass' });

  expect(await content()).toEqual(before);
  await withElasticsearch(thePlatform(), async (client) => {
    expect(Object.values((await client.nodes.info()).nodes)[0]?.version).toBe('9.2.0');
    expect(await client.indices.existsAlias({ name: seeded!.alias })).toBe(true);
    const closed = { index: seeded!.closedIndex, h: 'status', format: 'json' } as const;
    expect(await client.cat.indices(closed)).toEqual([{ status: 'close' }]);
  });
  const job = await postJob(thePlatform(), { action: 'start_deployment', target: 'deployment/on-9', priority: 0 });
  await eventually(`${job} done`, 60, async () => expect(await jobState(thePlatform(), job)).toBe('SUCCESS'));
  expect(await upAgain(thePlatform())).toEqual([]);
});
