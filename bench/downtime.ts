import { elasticsearchClient } from '../stack/clients.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import { pythonWithKazoo } from './kazoo.ts';
import { restoreByRekindle, type RekindleWay } from './rekindle.ts';
import { say, withRekindle, withRig, type Rig } from './rig.ts';
import { restoreByRunbook } from './runbook.ts';
import { type Measurement, median, stepTable } from './timeline.ts';
import { verify } from './verify.ts';

/** Slow jobs: the queue must still be there when it is compared. */
const JOB_MILLISECONDS = 1_000;
const GIGABYTE = 1e9;

/**
 * Brings one platform back from the same snapshot by the runbook and by Rekindle, in turns, and prints what each took.
 * The volumes are removed by both; a second restore of Rekindle sets them aside, which is its default, and a third is made beside
 * the platform. `gigabytes` of
 * text that does not compress are added to the demo's documents: a platform's restore time is that of its data.
 */
export async function benchDowntime({ rounds, gigabytes }: { rounds: number; gigabytes: number }): Promise<void> {
  const seed = { incompressibleBytes: gigabytes * GIGABYTE };
  await withRig({ seed, jobMilliseconds: JOB_MILLISECONDS }, async (rig) => {
    const { platform, signal } = rig;
    const python = await pythonWithKazoo();
    await withRekindle(rig, async (rekindle) => {
      const backup = JSON.parse(
        (await rekindle.rekindle(['backup', platform.project, '--json'])).stdout,
      ) as RunProgress;
      const point = backup.recoveryPoint?.id ?? '';
      const snapshot = await newestSnapshot(rig);
      say(`recovery point ${point}, snapshot ${snapshot}, ${gigabytes} GB beside the demo's documents`);
      const byRekindle = (way: RekindleWay) => () =>
        restoreByRekindle(rekindle, { platform: platform.project, point, way });
      const ways = [
        () => restoreByRunbook(rig, { snapshot, python }),
        byRekindle('remove'),
        byRekindle('quarantine'),
        byRekindle('beside'),
      ];
      const measured: Measurement[] = [];
      for (let round = 1; round <= rounds; round++) {
        for (const way of ways) {
          signal.throwIfAborted();
          const measurement = await way();
          say(`\n${stepTable(measurement)}`);
          say(await verify(platform));
          measured.push(measurement);
        }
      }
      conclude(measured);
    });
  });
}

async function newestSnapshot({ platform }: Rig): Promise<string> {
  const client = await elasticsearchClient(platform);
  try {
    const { snapshots = [] } = await client.snapshot.get({ repository: 's3_backup', snapshot: '*' });
    const newest = snapshots.toSorted((a, b) => Number(a.start_time_in_millis) - Number(b.start_time_in_millis)).at(-1);
    if (!newest) throw new Error('The backup left no snapshot');
    return newest.snapshot;
  } finally {
    await client.close();
  }
}

function conclude(measured: Measurement[]): void {
  const ways = [...new Set(measured.map(({ way }) => way))];
  const of = (way: string, value: (measurement: Measurement) => number | undefined) =>
    median(
      measured.filter((measurement) => measurement.way === way).flatMap((measurement) => value(measurement) ?? []),
    );
  const rounds = measured.length / ways.length;
  say(`\nMedians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, seconds`);
  say(`${'way'.padEnd(22)} downtime    total`);
  for (const way of ways) {
    const downtime = of(way, (measurement) => measurement.downtime).toFixed(1);
    const total = of(way, (measurement) => measurement.total).toFixed(1);
    say(`${way.padEnd(22)} ${downtime.padStart(8)} ${total.padStart(8)}`);
  }
  const ratio = (value: (measurement: Measurement) => number, way = 'rekindle (remove)') =>
    (of(way, value) / of('runbook', value)).toFixed(2);
  say(`\nratio downtime: ${ratio(({ downtime }) => downtime)}`);
  say(`ratio total: ${ratio(({ total }) => total)}`);
  say(`ratio downtime, volumes kept in quarantine: ${ratio(({ downtime }) => downtime, 'rekindle (quarantine)')}`);
  say(`ratio downtime, beside the platform: ${ratio(({ downtime }) => downtime, 'rekindle (beside)')}`);
  const worst = Math.max(...measured.flatMap(({ orchestration }) => orchestration ?? []));
  say(`orchestration: ${worst.toFixed(1)} s`);
}
