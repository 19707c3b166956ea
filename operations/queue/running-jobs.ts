import { warned, type Check } from '../../domain/checks.ts';
import { storesOfKind } from '../../domain/platform.ts';
import type { QueueEntry } from '../../domain/queue/job-table.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { OpenPlatform } from '../open-platform.ts';

const namedJobs = 3;

/** Lists every job that will run a second time, so that people can check them before the core services start. */
export async function recordRunningJobs(
  open: OpenPlatform,
  { run, arguments: { store } }: StepCall<'rebuildQueue'>,
  runsAgain: () => Iterable<QueueEntry>,
): Promise<Check[]> {
  const lines: string[] = [];
  for (const { value, priority } of runsAgain()) lines.push(`${value}\t${priority}\n`);
  if (lines.length === 0) return [];
  await open.catalogue.putRunObject(run, objectOf(store), new TextEncoder().encode(lines.join('')));
  const named = lines.slice(0, namedJobs).map((line) => line.split('\t')[0]);
  const more = lines.length > namedJobs ? ', …' : '';
  return [
    warned(
      `running jobs ${store}`,
      `${lines.length} jobs ran at the time of the backup and will run again: ${named.join(', ')}${more}`,
      `Check them: "rekindle report ${run} --running"; the platform file's "running" decides what happens to such jobs`,
    ),
  ];
}

/** What `recordRunningJobs` listed in this run, for each of the platform's queues. */
export async function readRunningJobs(
  { platform, catalogue }: OpenPlatform,
  run: string,
): Promise<{ store: string; jobs: string }[]> {
  const lists = storesOfKind(platform, 'zookeeper-queue').map(async ({ name }) => {
    const found = await catalogue.findRunObject(run, objectOf(name));
    return found ? [{ store: name, jobs: new TextDecoder().decode(found) }] : [];
  });
  return (await Promise.all(lists)).flat();
}

/** Value and priority, a line each. */
const objectOf = (store: string) => `running-${store}.tsv`;
