import type { Client } from '@temporalio/client';
import { Failure } from '../domain/failures.ts';
import { several, type FoundRun } from './find-run.ts';
import { describeRun, listRuns, type RunLine } from './runs.ts';

/**
 * What stands for the data that a restore set aside, by the restore's id, its own, or the platform's name.
 * Failures: RunNotFound, also when it has ended; InvalidArgument when the platform has several.
 */
export async function findQuarantine(client: Client, reference: string): Promise<FoundRun> {
  const id = reference.startsWith('quarantine/') ? reference : `quarantine/${reference}`;
  const named = await describeRun(client, id);
  const open = named?.status === 'running' ? [named] : await openQuarantines(client, reference);
  const [quarantine, ...others] = open;
  if (others.length > 0) throw several(reference, 'keep data in quarantine', open);
  if (quarantine) return { ...quarantine, handle: client.workflow.getHandle(quarantine.id) };
  throw new Failure('RunNotFound', {
    message:
      named === undefined
        ? `No run or platform called "${reference}" has data in quarantine`
        : `The quarantine of ${reference} ended${named.closedAt === undefined ? '' : ` at ${named.closedAt}`}: its data was brought back or deleted`,
    remedy: '"rekindle quarantines" lists what is kept',
  });
}

/** Newest first; each of them was asked for, since the list lags behind. */
export async function openQuarantines(client: Client, platform?: string): Promise<RunLine[]> {
  const listed = await listRuns(client, { platform, kind: 'quarantine', open: true });
  const seen = await Promise.all(listed.map(({ id }) => describeRun(client, id)));
  return seen.filter((run) => run?.status === 'running').filter((run) => run !== undefined);
}
