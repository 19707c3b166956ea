import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunProgress } from '../domain/runs/progress.ts';
import type { Action } from '../domain/plans/steps.ts';
import { containersOf, nameOf } from '../stack/engine.ts';
import { run } from './command.ts';
import { passedReport } from './passed-report.ts';
import { residentMegabytes } from './resident-memory.ts';
import { say, withRekindle, withRig, type Rekindle, type Rig } from './rig.ts';
import { median } from './timeline.ts';

const DATABASE = 'accounts';
const STORE = 'accounts';
/** 20 hashes of 32 characters, as text that compresses to about half; and what a row costs besides. */
const ROW_BYTES = 680;

/** Megabytes of the database in a second, by each way, and the most that the worker's memory grew. */
interface Round {
  oldBackup: number;
  backup: number;
  oldRestore: number;
  restore: number;
  grown: number;
}

/**
 * A database of so many gigabytes: `pg_dump | gzip > file` and `pg_restore` through `docker exec`, in turns with the steps of
 * Rekindle that do the same, which encrypt, check and count as well. One job each: both restores read a stream.
 */
export async function benchPostgres({ rounds, gigabytes }: { rounds: number; gigabytes: number }): Promise<void> {
  await withRig({ seed: { documents: 100, jobs: 100 }, shape: 'stores', jobMilliseconds: 1000 }, async (rig) => {
    const [container] = await containersOf(rig.platform.project, 'postgresql');
    if (!container) throw new Error('PostgreSQL has no container');
    const name = nameOf(container);
    const bytes = await fill(rig, name, gigabytes);
    say(`a database of ${(bytes / 1e9).toFixed(2)} GB`);
    await withRekindle(rig, async (rekindle) => {
      const all: Round[] = [];
      for (let round = 1; round <= rounds; round++) {
        const measured = await oneRound(rig, rekindle, { name, bytes });
        all.push(measured);
        const { oldBackup, backup, oldRestore, restore, grown } = measured;
        say(
          `round ${round}: pg_dump | gzip ${oldBackup.toFixed(0)} MB/s, backup ${backup.toFixed(0)} MB/s; ` +
            `pg_restore ${oldRestore.toFixed(0)} MB/s, restore ${restore.toFixed(0)} MB/s; the worker grew by ${grown.toFixed(0)} MB`,
        );
      }
      const ratio = (one: keyof Round, other: keyof Round) =>
        median(all.map((measured) => measured[one] / measured[other])).toFixed(2);
      say(`ratio of the speeds: backup ${ratio('backup', 'oldBackup')}, restore ${ratio('restore', 'oldRestore')}`);
      say(`the worker's memory grew by at most ${Math.max(...all.map(({ grown }) => grown)).toFixed(0)} MB`);
    });
  });
}

async function fill({ signal }: Rig, name: string, gigabytes: number): Promise<number> {
  const rows = Math.round((gigabytes * 1e9) / ROW_BYTES);
  const hashes = Array.from({ length: 20 }, (_, at) => `md5((n * 20 + ${at})::text)`).join(' || ');
  await psql(name, `create table line as select n as id, ${hashes} as line from generate_series(1, ${rows}) n`, signal);
  await psql(name, 'alter table line add primary key (id)', signal);
  return Number(await psql(name, `select pg_table_size('line')`, signal));
}

async function psql(name: string, sql: string, signal: AbortSignal): Promise<string> {
  const command = ['docker', 'exec', name, 'psql', '-XAtq', '-U', 'postgres', '-d', DATABASE, '-c', sql];
  return (await run(command, { signal })).stdout.trim();
}

async function oneRound(
  { platform, signal }: Rig,
  { rekindle, worker }: Rekindle,
  { name, bytes }: { name: string; bytes: number },
): Promise<Round> {
  const shell = (script: string) => run(['bash', '-o', 'pipefail', '-c', script], { cwd: platform.folder, signal });
  const rate = (seconds: number) => bytes / 1e6 / seconds;
  const dumped = await shell(`docker exec ${name} pg_dump -U postgres ${DATABASE} | gzip > old.sql.gz`);
  const before = await residentMegabytes(worker.pid);
  let peak = before;
  const watching = setInterval(() => {
    void residentMegabytes(worker.pid).then(
      (now) => (peak = Math.max(peak, now)),
      () => undefined,
    );
  }, 200);
  try {
    const backup = passedReport((await rekindle(['backup', platform.name, '--json'])).stdout);
    await shell(`docker exec ${name} pg_dump -U postgres --format custom ${DATABASE} > old.dump`);
    if ((await stat(join(platform.folder, 'old.dump'))).size === 0) throw new Error('The dump is empty');
    await psql(name, 'create database again', signal);
    const restoredOld = await shell(`docker exec -i ${name} pg_restore -U postgres --dbname again < old.dump`);
    await psql(name, 'drop database again', signal);
    const args = ['restore', platform.name, '--point', backup.recoveryPoint?.id ?? '', '--volumes', 'remove', '--yes'];
    const restore = passedReport((await rekindle([...args, '--json'])).stdout);
    return {
      oldBackup: rate(dumped.seconds),
      backup: rate(secondsOf(backup, 'backUpStore', `back-up-${STORE}`)),
      oldRestore: rate(restoredOld.seconds),
      restore: rate(secondsOf(restore, 'restoreParts', `restore-${STORE}`)),
      grown: peak - before,
    };
  } finally {
    clearInterval(watching);
    await shell('rm -f old.sql.gz old.dump');
  }
}

function secondsOf({ run: id, steps }: RunProgress, action: Action, step: string): number {
  const found = steps.find((each) => each.action === action && each.id === step);
  if (found?.startedAt === undefined || found.finishedAt === undefined) throw new Error(`${id} has no step ${step}`);
  return (Date.parse(found.finishedAt) - Date.parse(found.startedAt)) / 1000;
}
