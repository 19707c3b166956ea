import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { findTemporal, freePort, startTemporalServer } from '../../../cli/servers/temporal-server.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { bringUp } from '../../../stack/demo-platform.ts';
import { tearDown } from '../../../stack/tear-down.ts';
import { fingerprintsOf } from './content.ts';
import { keepGolden, removeGolden } from './golden.ts';
import { environmentOf, runRekindle, startWorkerProcess } from './processes.ts';
import { removeLeftovers } from './leftovers.ts';

/** Some eight jobs a second: the queue lasts through a scenario, and an urgent job is not behind for long. */
const jobMilliseconds = 250;

/** One platform, one Temporal and one backup for all scenarios; what it answers removes all of it. */
export default async function setup(vitest: TestProject): Promise<() => Promise<void>> {
  const undo: (() => Promise<unknown>)[] = [];
  const tearAllDown = async () => {
    const faults: unknown[] = [];
    for (const step of undo.toReversed()) await step().catch((error: unknown) => faults.push(error));
    if (faults.length > 0) throw new AggregateError(faults, 'the scenarios were not tidied up');
  };
  try {
    const project = `rks-${randomBytes(3).toString('hex')}`;
    const folder = await mkdtemp(join(tmpdir(), `${project}-`));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    const began = Date.now();
    const log = (line: string) =>
      process.stdout.write(`scenarios: ${((Date.now() - began) / 1000).toFixed(1)} s: ${line}\n`);

    undo.push(() => removeGolden(project));
    undo.push(() => removeLeftovers(project));
    const platform = await bringUp({ project, folder: join(folder, 'platform'), jobMilliseconds });
    undo.push(() => tearDown(platform));
    log(`platform ${project} is up`);
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
    vitest.provide('scenarios', { project, folder: platform.folder, ...reach, point, seeded, fingerprints });
    return tearAllDown;
  } catch (error) {
    await tearAllDown().catch((fault: unknown) => process.stderr.write(`${String(fault)}\n`));
    throw error;
  }
}

async function demand(args: string[], environment: Record<string, string>): Promise<unknown> {
  const { exitCode, stdout, stderr, json } = await runRekindle(args, environment);
  if (exitCode !== 0) throw new Error(`rekindle ${args.join(' ')} ended with ${exitCode}:\n${stdout}\n${stderr}`);
  return json;
}
