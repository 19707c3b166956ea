import { Client, Connection } from '@temporalio/client';
import { readEnvironment } from '../config/environment.ts';
import { readDataConverter } from '../config/payload-encryption/data-converter.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import { compose } from '../stack/demo-platform.ts';
import { growthOf, memoryCurve, residentMegabytes, type Sample } from './resident-memory.ts';
import { say, withRekindle, withRig, type Rekindle, type Rig } from './rig.ts';
import { keepNewestPoints } from './soak-pruning.ts';
import { addReceivers } from './soak-receivers.ts';

/** The first backups fill caches and compile code: they are not counted. */
const WARM_UP = 50;
const SAMPLE_EVERY = 25;
const KEPT_POINTS = 10;
const ALLOWED_MEGABYTES = 60;
/** What the platform itself does belongs to no measurement: it has no jobs, and its core does not run. */
const CORE = ['api', 'job-executor', 'job-distributor'];
const SEED = { documents: 300, jobs: 0, incompressibleBytes: 0 };

/**
 * Takes backups one after the other, as fast as they go, and reads the worker's resident memory along the way. The worker
 * is a process of its own; everything is announced to receivers too, as in an installation. Snapshots and recovery points are
 * removed as they age, so the hundredth backup meets what the thousandth does.
 */
export async function benchSoak(backups: number): Promise<void> {
  if (backups < WARM_UP + 2 * SAMPLE_EVERY)
    throw new Error(`${backups} backups show nothing: ${WARM_UP + 2 * SAMPLE_EVERY} at least`);
  await withRig({ seed: SEED, jobMilliseconds: 1000 }, async (rig) => {
    await compose(rig.platform, ['stop', '-t', '1', ...CORE]);
    const receivers = await addReceivers(rig.platform);
    try {
      await withRekindle(rig, async (rekindle) => {
        const { samples, taken } = await soak(rig, rekindle, backups);
        if (samples.length < 2) rig.signal.throwIfAborted();
        say(`\n${memoryCurve(samples)}`);
        const { heartbeats, datagrams } = receivers.counts();
        say(`\n${heartbeats} heartbeats and ${datagrams} StatsD datagrams were received`);
        if (heartbeats < taken) throw new Error(`${taken - heartbeats} backups were not told`);
        conclude(samples);
      });
    } finally {
      await receivers.close();
    }
  });
}

/** Interrupted, it ends with what was measured so far. */
async function soak(
  { platform, signal }: Rig,
  rekindle: Rekindle,
  backups: number,
): Promise<{ samples: Sample[]; taken: number }> {
  const connection = await Connection.connect({ address: rekindle.temporalAddress });
  try {
    const dataConverter = await readDataConverter(readEnvironment().payloadKeyFile);
    const client = new Client({ connection, dataConverter });
    const samples: Sample[] = [];
    let since = performance.now();
    let taken = 0;
    while (taken < backups && !signal.aborted) {
      taken += 1;
      await takeBackup(client, platform.project, taken);
      if (taken % SAMPLE_EVERY !== 0) continue;
      const seconds = (performance.now() - since) / 1000 / SAMPLE_EVERY;
      const megabytes = await residentMegabytes(rekindle.worker.pid);
      if (taken >= WARM_UP) samples.push({ backups: taken, megabytes, seconds });
      say(`${String(taken).padStart(5)} backups: ${megabytes.toFixed(1)} MB, ${seconds.toFixed(2)} s each`);
      await keepNewestPoints(platform, KEPT_POINTS);
      since = performance.now();
    }
    return { samples, taken };
  } finally {
    await connection.close();
  }
}

/** Started as the command line starts it, without the command line, which would take as long as the backup. */
async function takeBackup(client: Client, platform: string, count: number): Promise<void> {
  const report = (await client.workflow.execute('backup', {
    taskQueue: platform,
    workflowId: `backup/${platform}/soak-${count}`,
    args: [{ platform }],
  })) as RunProgress;
  if (report.phase !== 'passed' || report.notes !== undefined)
    throw new Error(`${report.run} is ${report.phase}: ${[report.note, ...(report.notes ?? [])].join('; ')}`);
}

function conclude(samples: readonly Sample[]): void {
  const { megabytes, backups } = growthOf(samples);
  const within = megabytes <= ALLOWED_MEGABYTES ? 'yes' : 'no';
  say(`grew by ${megabytes.toFixed(1)} MB over ${backups} backups: within ${ALLOWED_MEGABYTES} MB: ${within}`);
}
