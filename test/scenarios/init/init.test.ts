import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { expecting } from '../../expecting.ts';
import { findSecrets } from '../../secret-search.ts';
import { facts, useScenario, type Environment } from '../harness/index.ts';

// From a running Compose project to its first recovery point, and to the drill that proves it, without a line written by hand.
const scenario = useScenario({ fresh: true });
let folder = '';
let environment: Environment = {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), `${facts().project}-init-`));
  environment = { REKINDLE_PLATFORMS: join(folder, 'platforms'), REKINDLE_STATE: join(folder, 'state') };
});
afterAll(async () => {
  await scenario.spoil();
  await rm(folder, { recursive: true, force: true });
});

test('init writes a file that is valid as it is; a backup and a drill work from it', async () => {
  const { project } = facts();
  const file = join(folder, 'platforms', `${project}.yaml`);
  const init = await scenario.rekindle(['init', '--project', project, '--json'], { environment });
  expecting(init.exitCode, init.stdout + init.stderr).toBe(0);
  expect(init.json).toMatchObject({
    platform: project,
    file,
    found: { core: ['api', 'job-executor', 'job-distributor'], alsoStop: [], beside: [], leftOut: [] },
  });
  const { next } = init.json as { next: { command: string }[] };
  expect(next.slice(-2).map(({ command }) => command)).toEqual([
    `rekindle backup ${project}`,
    `rekindle drill ${project}`,
  ]);
  const text = await readFile(file, 'utf8');
  const { deployment, stores, smoke, catalogue } = parse(text) as Record<string, unknown>;
  expect(deployment).toMatchObject({ kind: 'compose', project, data: ['elasticsearch', 'zookeeper'] });
  expect(stores).toMatchObject([
    { kind: 'elasticsearch', service: 'elasticsearch', repository: { name: 's3_backup', type: 's3' } },
    { kind: 'zookeeper-queue', service: 'zookeeper', path: '/job', from: { store: 'documents', index: 'nuvla-job' } },
  ]);
  // The demo's core services have no health check of their own: what to ask is suggested, commented out.
  expect(smoke).toBeUndefined();
  expect(text).toMatch(/^# *smoke:/m);
  expect(catalogue).toEqual({ kind: 'directory', path: join(folder, 'state', 'catalogue') });
  const { accessKey, secretKey } = scenario.platform.s3;
  expect(findSecrets([{ where: file, text }], { accessKey, secretKey })).toEqual([]);

  const again = await scenario.rekindle(['init', '--project', project], { environment });
  expect([again.exitCode, await readFile(file, 'utf8')]).toEqual([2, text]);

  const validate = await scenario.rekindle(['validate', project], { environment });
  expecting(validate.exitCode, validate.stdout + validate.stderr).toBe(0);

  await scenario.startWorker(environment);
  const backup = await scenario.rekindle(['backup', project, '--json'], { environment });
  expecting(backup.exitCode, backup.stdout + backup.stderr).toBe(0);
  const { recoveryPoint } = backup.json as RunProgress;
  const points = await scenario.rekindle(['points', project, '--json'], { environment });
  expect(points.json).toMatchObject({ points: [{ id: recoveryPoint?.id, bad: false }] });

  const began = Date.now();
  const drill = await scenario.rekindle(['drill', project, '--json'], { environment });
  expecting(drill.exitCode, drill.stdout + drill.stderr).toBe(0);
  console.log(`init to proven: the first drill took ${Math.round((Date.now() - began) / 1000)} s`);
  const proven = await scenario.rekindle(['points', project, '--json'], { environment });
  expect(proven.json).toMatchObject({ points: [{ id: recoveryPoint?.id, provenAt: expect.any(String) as string }] });

  const plan = await scenario.rekindle(['restore', project, '--dry-run'], { environment });
  expecting(plan.exitCode, plan.stdout + plan.stderr).toBe(0);
});
