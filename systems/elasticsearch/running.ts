import { storageTimeout, type Client } from './client.ts';
import { attempt } from './errors.ts';

export interface RunningWork {
  /** `repository/snapshot`, of every repository. */
  snapshots: string[];
  /** `index[shard]` that are being restored from a snapshot. */
  restores: string[];
}

/** The snapshots and restores that run on the cluster now, whoever started them. */
export async function runningWork(client: Client): Promise<RunningWork> {
  const { snapshots } = await attempt('list the snapshots that run', () =>
    client.snapshot.status(
      { filter_path: 'snapshots.repository,snapshots.snapshot' },
      { requestTimeout: storageTimeout },
    ),
  );
  const recoveries = (await attempt('list the restores that run', () =>
    client.indices.recovery({
      active_only: true,
      expand_wildcards: 'all',
      filter_path: ['*.shards.id', '*.shards.type', '*.shards.stage'],
    } as never),
  )) as unknown as Record<string, { shards?: { id: number; type: string; stage: string }[] }>;
  return {
    // A filter leaves out a list that is empty.
    snapshots: ((snapshots as typeof snapshots | undefined) ?? []).map(
      ({ repository, snapshot }) => `${repository}/${snapshot}`,
    ),
    restores: Object.entries(recoveries).flatMap(([index, { shards = [] }]) =>
      shards
        .filter(({ type, stage }) => type.toUpperCase() === 'SNAPSHOT' && stage.toUpperCase() !== 'DONE')
        .map(({ id }) => `${index}[${id}]`),
    ),
  };
}
