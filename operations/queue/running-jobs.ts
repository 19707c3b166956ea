import { storesOfKind, type StoreName } from '../../domain/platform.ts';
import type { OpenPlatform } from '../open-platform.ts';

/** The jobs that ran when the backup was taken and were queued again by this run, for each of the platform's queues. */
export async function readRunningJobs(
  { platform, catalogue }: Pick<OpenPlatform, 'platform' | 'catalogue'>,
  run: string,
): Promise<{ store: StoreName; jobs: string }[]> {
  const lists = storesOfKind(platform, 'zookeeper-queue').map(async ({ name }) => {
    const found = await catalogue.findRunObject(run, runningList(name));
    return found ? [{ store: name, jobs: new TextDecoder().decode(found) }] : [];
  });
  return (await Promise.all(lists)).flat();
}

/** Name of the run's object that lists them: value and priority, a line each. */
export function runningList(store: StoreName): string {
  return `running-${store}.tsv`;
}
