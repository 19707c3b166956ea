import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporal, freePort, startTemporalServer } from '../../../cli/servers/temporal-server.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { bringUp } from '../../../stack/demo-platform.ts';
import { removeLeftovers as removePlatform } from '../../../stack/tear-down.ts';
import type { SetUp } from '../../provided.ts';
import { fingerprintsOf } from './content.ts';
import type { Facts } from './facts.ts';
import { keepGolden, removeGolden } from './golden.ts';
import { environmentOf, runRekindle, startWorkerProcess } from './processes.ts';
import { removeLeftovers } from './leftovers.ts';

/** Some eight jobs a second: the queue lasts through a scenario, and an urgent job is not behind for long. */
const jobMilliseconds = 250;

/** For each lane, in which one file of scenarios runs after the other: a platform, a Temporal and a backup of its own. */
export default async function setUp(signal: AbortSignal, lanes: number): Promise<SetUp> {
  const undo: Undo = [];
  try {
    const sides = await Promise.allSettled(Array.from({ length: lanes }, () => makeSide(undo, signal)));
    return { provided: { scenarios: sides.map(valueOf) }, tearDown: () => tearAllDown(undo) };
  } catch (error) {
    await tearAllDown(undo).catch((fault: unknown) => process.stderr.write(`${String(fault)}\n`));
    throw error;
  }
}

type Undo = (() => Promise<unknown>)[];

/** Only when all lanes have ended, well or not, is it known what there is to remove. */
function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

async function tearAllDown(undo: Undo): Promise<void> {
  const faults: unknown[] = [];
  for (const step of undo.toReversed()) await step().catch((error: unknown) => faults.push(error));
  if (faults.length > 0) throw new AggregateError(faults, 'the scenarios were not tidied up');
}

/** What removes a thing is noted before it is made: a set-up that fails or is interrupted leaves nothing. */
async function makeSide(undo: Undo, signal: AbortSignal): Promise<Facts> {
  const project = `rks-${randomBytes(3).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), `${project}-`));
  undo.push(() => rm(folder, { recursive: true, force: true }));
  const began = Date.now();
  const log = (line: string) => {
    process.stdout.write(`scenarios: ${((Date.now() - began) / 1000).toFixed(1)} s: ${project}: ${line}\n`);
    signal.throwIfAborted();
  };

  undo.push(() => removeGolden(project));
  undo.push(() => removeLeftovers(project));
  undo.push(() => removePlatform(project));
  const platform = await bringUp({ project, folder: join(folder, 'platform'), jobMilliseconds, log });
  log('the platform is up');
  const temporal = await startTemporalServer({
    command: findTemporal(process.env),
    databaseFile: join(folder, 'temporal.db'),
    port: await freePort(0),
    uiPort: await freePort(0),
  });
  undo.push(() => temporal.stop());
  log(`Temporal at ${temporal.address}`);

  const reach = {
    platformsFolder: platform.environment.REKINDLE_PLATFORMS,
    keyFile: join(folder, 'key.txt'),
    temporalAddress: temporal.address,
  };
  const environment = environmentOf({ ...reach, taskQueue: project });
  await demand(['keygen', reach.keyFile], environment);
  const worker = await startWorkerProcess(environment);
  undo.push(() => worker.stop());
  const backup = (await demand(['backup', project, '--json'], environment)) as { recoveryPoint: { id: string } };
  await worker.stop();
  log(`recovery point ${backup.recoveryPoint.id}`);

  const seeded = platform.seeded ?? { documents: {}, alias: '', closedIndex: '', entries: [], milliseconds: 0 };
  const fingerprints = await withElasticsearch(platform, (client) => fingerprintsOf(client, seeded));
  await keepGolden(platform);
  log('golden copies kept; ready');
  const point = backup.recoveryPoint.id;
  return { project, folder: platform.folder, ...reach, point, seeded, fingerprints };
}

async function demand(args: string[], environment: Record<string, string>): Promise<unknown> {
  const { exitCode, stdout, stderr, json } = await runRekindle(args, environment);
  if (exitCode !== 0) throw new Error(`rekindle ${args.join(' ')} ended with ${exitCode}:\n${stdout}\n${stderr}`);
  return json;
}
