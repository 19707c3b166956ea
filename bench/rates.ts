import type { Client } from '@elastic/elasticsearch';
import { setTimeout as pause } from 'node:timers/promises';
import { awaitRestore } from '../systems/elasticsearch/restore/await-restore.ts';
import { startRestore } from '../systems/elasticsearch/restore/restore.ts';
import { raiseThrottles, readThrottles, resetThrottles } from '../systems/elasticsearch/restore/throttles.ts';

/** The snapshot of one index in one repository. */
export interface Source {
  repository: string;
  snapshot: string;
  index: string;
  documents: number;
}

/** The platform file's default (`restoreThrottle`). */
const RAISED = '2gb';
const DEFAULT = '40mb';
const BYTES_SETTING = 'indices.recovery.max_bytes_per_sec';
const LONG = { requestTimeout: 3_600_000 };

/** The runbook's way: one request that answers when all is there, at whatever throttle the cluster has. Seconds. */
export async function restorePlainly(
  client: Client,
  { repository, snapshot, index, documents }: Source,
): Promise<number> {
  await client.indices.delete({ index });
  await demandDefaultThrottle(client);
  const began = performance.now();
  const { snapshot: restored } = await client.snapshot.restore(
    { repository, snapshot, indices: [index], wait_for_completion: true },
    LONG,
  );
  const seconds = (performance.now() - began) / 1000;
  if (restored?.shards.failed !== 0) throw new Error(`The plain restore of ${index} left failed shards`);
  await demandDocuments(client, index, documents);
  return seconds;
}

/** Rekindle's way: its own steps raise, restore, wait and put back, one after the other. Seconds of all of them. */
export async function restoreRaised(
  client: Client,
  { repository, snapshot, index, documents }: Source,
): Promise<number> {
  await client.indices.delete({ index });
  await demandDefaultThrottle(client);
  const began = performance.now();
  await raiseThrottles(client, RAISED);
  const request = { repository, snapshot, indices: [index] };
  await startRestore(client, { ...request, globalState: false });
  await awaitRestore(client, request);
  await resetThrottles(client);
  const seconds = (performance.now() - began) / 1000;
  await demandDefaultThrottle(client);
  await demandDocuments(client, index, documents);
  return seconds;
}

/** Whether no throttle is set any more and the cluster's own default holds. */
export async function demandDefaultThrottle(client: Client): Promise<void> {
  const set = Object.entries(await readThrottles(client)).filter(([, value]) => value !== null);
  if (set.length > 0) throw new Error(`Throttles were not put back: ${JSON.stringify(Object.fromEntries(set))}`);
  const { persistent, defaults = {} } = await client.cluster.getSettings({
    flat_settings: true,
    include_defaults: true,
  });
  const effective: unknown = persistent[BYTES_SETTING] ?? defaults[BYTES_SETTING];
  if (effective !== DEFAULT) throw new Error(`${BYTES_SETTING} is ${String(effective)} instead of ${DEFAULT}`);
}

export async function demandDocuments(client: Client, index: string, documents: number): Promise<void> {
  await client.cluster.health({ index, wait_for_status: 'yellow', timeout: '60s' }, LONG);
  await client.indices.refresh({ index });
  const { count } = await client.count({ index });
  if (count !== documents) throw new Error(`${index} holds ${count} documents instead of ${documents}`);
  // What the kernel still writes of one restore must not be the next one's burden.
  await pause(2_000);
}
