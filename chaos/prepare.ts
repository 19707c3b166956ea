import { mkdir, writeFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { withElasticsearch, postJob } from '../stack/clients.ts';
import { bringUp, type DemoPlatform } from '../stack/demo-platform.ts';
import type { Shape } from '../stack/shapes.ts';
import { contentOf } from './facts.ts';
import { copyImages } from './images.ts';
import { contentDifferences } from './oracle.ts';
import { type GoldenFacts, project, sleep, wake, type World } from './world.ts';

const seed = { seed: 'chaos', documents: 2000, jobs: 300 };
/** Slow jobs: the queue is never empty, and the engine's two cores are the servers'. */
const jobMilliseconds = 3000;

/** Limits short enough for a suite, long enough for servers that start on a busy machine. */
interface ShortLimits {
  deployment: Record<string, unknown>;
  restore: Record<string, unknown>;
}

/** The golden state `written`: a platform, one recovery point, and documents and a job that are not in it. */
export async function prepareWritten(world: World, shape: Shape, machineHost: string): Promise<void> {
  const { places } = world;
  for (const folder of [places.run, places.home, places.logs]) await mkdir(folder, { recursive: true });
  await Promise.all([world.engine.start(), world.temporal.start()]);
  world.note('engine and Temporal are up');
  await copyImages(machineHost, places.dockerHost);
  world.note('images are there');
  const log = (line: string) => world.note(line);
  const platform = await bringUp({ project, folder: places.platform, shape, seed, jobMilliseconds, log });
  const file = parse(await readFile(platform.platformFile, 'utf8')) as ShortLimits;
  Object.assign(file.restore, { outageSeconds: 20 });
  Object.assign(file.deployment, { healthTimeoutSeconds: 60, stopGraceSeconds: 10 });
  await writeFile(platform.platformFile, stringify(file, { aliasDuplicateObjects: false }));
  await world.demand(['keygen', places.keyFile]);
  await world.worker.start();
  world.note('worker is up');
  await makeSchedule(world, platform);

  // Before the backup: a job that comes between the two is in the recovery point or not.
  const point = await look(platform);
  const backup = JSON.parse(await world.demand(['backup', platform.name, '--json'])) as {
    recoveryPoint: { id: string };
  };
  await writeMore(platform);
  const written = await look(platform);
  if (contentDifferences(point, written).length === 0) throw new Error('Nothing was written after the recovery point');
  const names = { platform: platform.name, point: backup.recoveryPoint.id, restore: '' };
  await keep(world, platform, { names, point, written });
}

/** The golden state `restored`, out of `written`: a restore to the recovery point has passed. */
export async function prepareRestored(world: World): Promise<void> {
  const { platform, golden } = await wake(world);
  const { names } = golden;
  const restore = JSON.parse(
    await world.demand(['restore', names.platform, '--point', names.point, '--yes', '--json']),
  ) as { run: string };
  const wrong = contentDifferences(golden.point, await look(platform));
  if (wrong.length > 0) throw new Error(`The restore did not bring the recovery point back: ${wrong.join('; ')}`);
  await keep(world, platform, { ...golden, names: { ...names, restore: restore.run } });
}

async function keep(world: World, platform: DemoPlatform, golden: GoldenFacts): Promise<void> {
  await writeFile(world.places.goldenFacts, JSON.stringify(golden));
  world.note('kept, going to sleep');
  await sleep(world, platform);
  world.note('asleep');
}

async function look(platform: DemoPlatform): Promise<GoldenFacts['point']> {
  return withElasticsearch(platform, contentOf);
}

async function writeMore(platform: DemoPlatform): Promise<void> {
  const operations = Array.from({ length: 50 }, (_, number) => [
    { create: { _id: `after-${number}` } },
    { id: `event/after-${number}`, created: '2026-01-01T00:00:00Z' },
  ]).flat();
  const { errors, items } = await withElasticsearch(platform, (client) =>
    client.bulk({ index: 'nuvla-event', operations, refresh: true }),
  );
  if (errors) throw new Error(`Documents after the recovery point: ${JSON.stringify(items[0])}`);
  await postJob(platform, { action: 'start_deployment', target: 'deployment/after-the-point', priority: 999 });
}

/** One that never comes due: only whether it is paused counts. */
async function makeSchedule(world: World, platform: DemoPlatform): Promise<void> {
  await (
    await world.client()
  ).schedule.create({
    scheduleId: `rekindle/${platform.name}/hourly`,
    spec: { intervals: [{ every: '300 days' }] },
    action: {
      type: 'startWorkflow',
      workflowType: 'backup',
      taskQueue: 'rekindle',
      args: [{ platform: platform.name }],
    },
  });
}

/** Folders that an enclosure's own folder must hold before anything is mounted in it. */
export const foldersOf = (folder: string): string[] =>
  ['root', 'run', 'home', 'logs'].map((name) => join(folder, name));
