import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { FleetInput } from '../../domain/fleet/fleet.ts';
import { membersInWaves, type Surveyed } from '../../domain/fleet/waves.ts';
import type { Desk } from './desk.ts';

/** Platforms of one activity; so many activities at once. */
const batch = 50;
const atOnce = 4;

const reading = proxyActivities<Activities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
});

/** Sizes, hosts and repositories of all platforms, from their files and catalogues; then the waves are known. */
export async function survey(desk: Desk, input: FleetInput): Promise<void> {
  const batches: string[][] = [];
  for (let from = 0; from < input.platforms.length; from += batch)
    batches.push(input.platforms.slice(from, from + batch));
  const found: Surveyed[] = [];
  const work = async () => {
    for (let platforms = batches.shift(); platforms; platforms = batches.shift()) {
      const summary = `sizes of ${platforms.length} platforms, from ${platforms[0] ?? ''} on`;
      found.push(...(await reading.surveyPlatforms.executeWithOptions({ summary }, [{ platforms }])));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  desk.progress.members = membersInWaves(input, found);
  desk.changed();
}
