import type { Client } from '../client.ts';
import { attempt } from '../errors.ts';

/**
 * What a cluster remembers of a restore. Elasticsearch itself forgets at a restart which shards it was restoring from
 * where; these settings (`cluster.metadata.*` are free for users) survive it and tell this restore's indices from others.
 */
export interface RestoreMarker {
  /** Repository and snapshot. */
  source: string;
  /** UUIDs of the indices that the restore created. */
  uuids: string[];
  finished: boolean;
}

const prefix = 'cluster.metadata.rekindle.restore';

export async function readMarker(client: Client): Promise<RestoreMarker> {
  const { persistent } = await attempt('read the cluster settings', () =>
    client.cluster.getSettings({ flat_settings: true }),
  );
  const value = (name: string) => (persistent[`${prefix}.${name}`] as string | undefined) ?? '';
  return {
    source: value('source'),
    uuids: value('indices')
      .split(',')
      .filter((uuid) => uuid !== ''),
    finished: value('finished') === 'true',
  };
}

/** Written after the restore was accepted, because restoring the global state replaces all persistent settings. */
export async function writeMarker(client: Client, marker: RestoreMarker): Promise<void> {
  await put(client, { source: marker.source, indices: marker.uuids.join(','), finished: String(marker.finished) });
}

/** More is to come from the same snapshot: the next batch of a copy. What was restored so far stays known. */
export async function reopenRestore(client: Client): Promise<void> {
  await put(client, { finished: 'false' });
}

/** Forgets which snapshot the cluster came from: once the restored indices were verified. */
export async function forgetRestore(client: Client): Promise<void> {
  await put(client, { source: null, indices: null, finished: null });
}

async function put(client: Client, values: Record<string, string | null>): Promise<void> {
  const persistent = Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
  await attempt('note the restore in the cluster settings', () => client.cluster.putSettings({ persistent }));
}
