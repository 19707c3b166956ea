import type { estypes } from '@elastic/elasticsearch';
import { Failure } from '../../../domain/failures.ts';
import type { FeatureStateChoice, IndexName, SnapshotName } from '../../../domain/platform.ts';
import type { FeatureState } from '../../../domain/recovery-points/features.ts';
import { storageTimeout, type Client } from '../client.ts';
import { attempt, isStatus } from '../errors.ts';
import { describeIndices } from '../indices.ts';
import { readRepository } from '../repository/repository.ts';

export type SnapshotState = 'SUCCESS' | 'IN_PROGRESS' | 'PARTIAL' | 'FAILED' | 'INCOMPATIBLE';

export interface SnapshotSummary {
  name: SnapshotName;
  state: SnapshotState;
  indices: IndexName[];
  dataStreams: string[];
  featureStates: FeatureState[];
  shards: { total: number; failed: number; successful: number };
  failures: { index: string; shard: number; reason: string }[];
  /** ISO 8601, UTC. What was written after the start may be missing. */
  startTime: string;
  /** Absent while it runs. */
  endTime?: string;
  metadata: Record<string, unknown>;
  version: string;
  includesGlobalState: boolean;
}

/** All snapshots of the repository, oldest first. */
export async function listSnapshots(client: Client, repository: string): Promise<SnapshotSummary[]> {
  const snapshots = await getSnapshots(client, repository, '_all');
  return snapshots.toSorted((a, b) => a.startTime.localeCompare(b.startTime));
}

/** The names in the repository that match a pattern; none when the repository is not registered. */
export async function snapshotNames(client: Client, repository: string, pattern: string): Promise<SnapshotName[]> {
  if ((await readRepository(client, repository)) === undefined) return [];
  const answer = await attempt(`list the snapshots of repository ${repository}`, () =>
    client.snapshot.get(
      { repository, snapshot: pattern, ignore_unavailable: true, verbose: false },
      { requestTimeout: storageTimeout },
    ),
  );
  return (answer.snapshots ?? []).map(({ snapshot }) => snapshot);
}

/** Throws `SnapshotMissing` when the repository does not hold it. */
export async function readSnapshot(
  client: Client,
  repository: string,
  snapshot: SnapshotName,
): Promise<SnapshotSummary> {
  const [found] = await getSnapshots(client, repository, snapshot);
  if (found !== undefined) return found;
  throw new Failure('SnapshotMissing', {
    message: `Repository ${repository} does not hold the snapshot ${snapshot}`,
    remedy: 'Choose another recovery point of those that "rekindle points" lists: this one\'s snapshot was deleted',
  });
}

export interface SnapshotRequest {
  repository: string;
  snapshot: SnapshotName;
  indices: IndexName[];
  /** Absent: all. */
  featureStates?: FeatureStateChoice;
  metadata: Record<string, unknown>;
}

/**
 * Starts a snapshot of exactly these indices with the global state, and returns at once. When a snapshot of this name
 * is there already, it is taken for the work of an earlier attempt, unless its metadata names another `run`.
 */
export async function startSnapshot(client: Client, request: SnapshotRequest): Promise<{ started: boolean }> {
  const body = await bodyOf(client, request);
  if (body === undefined) return { started: false };
  await attempt(`start snapshot ${request.snapshot}`, () =>
    client.snapshot.create({ ...body, wait_for_completion: false }, { requestTimeout: storageTimeout }),
  );
  return { started: true };
}

/**
 * What asks Elasticsearch for it, with those of the indices that still exist; undefined: it is there already, or runs.
 * Failure: RepositoryRefused, another run's.
 */
export async function bodyOf(
  client: Client,
  { repository, snapshot, indices, featureStates = 'all', metadata }: SnapshotRequest,
): Promise<estypes.SnapshotCreateRequest | undefined> {
  const [existing, described] = await Promise.all([
    snapshotIfThere(client, repository, snapshot),
    describeIndices(client, indices),
  ]);
  if (existing !== undefined) {
    if (existing.metadata.run === metadata.run) return undefined;
    throw new Failure('RepositoryRefused', {
      message: `Repository ${repository} already holds a snapshot ${snapshot}, taken by another run`,
      remedy: 'Start the backup again: its snapshot then has another name',
    });
  }
  const streams = described.flatMap(({ dataStream }) => dataStream ?? []);
  const names = described.map(({ name }) => name);
  return {
    repository,
    snapshot,
    // No name means no index: an empty list would mean all of them.
    indices: names.length === 0 ? '-*' : [...names, ...new Set(streams)],
    include_global_state: true,
    // Absent: all, with the global state.
    ...(featureStates !== 'all' && { feature_states: [featureStates].flat() }),
    ignore_unavailable: false,
    partial: false,
    metadata,
  };
}

/** Deletes the snapshot, or aborts it when it still runs; one that is not there is deleted already. */
export async function deleteSnapshot(client: Client, repository: string, snapshot: SnapshotName): Promise<void> {
  await attempt(`delete snapshot ${snapshot}`, async () => {
    try {
      await client.snapshot.delete({ repository, snapshot }, { requestTimeout: storageTimeout });
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
    }
  });
}

export async function snapshotIfThere(
  client: Client,
  repository: string,
  snapshot: SnapshotName,
): Promise<SnapshotSummary | undefined> {
  try {
    return await readSnapshot(client, repository, snapshot);
  } catch (error) {
    if (error instanceof Failure && error.kind === 'SnapshotMissing') return undefined;
    throw error;
  }
}

async function getSnapshots(client: Client, repository: string, snapshot: string): Promise<SnapshotSummary[]> {
  const answer = await attempt(`read snapshot ${snapshot} of repository ${repository}`, () =>
    client.snapshot.get({ repository, snapshot, ignore_unavailable: false }, { requestTimeout: storageTimeout }),
  );
  return (answer.snapshots ?? []).map((found) => ({
    name: found.snapshot,
    state: (found.state ?? 'IN_PROGRESS') as SnapshotState,
    indices: (found.indices ?? []).toSorted(),
    dataStreams: found.data_streams,
    featureStates: (found.feature_states ?? []).map(({ feature_name: name, indices }) => ({
      name,
      indices: [indices].flat(),
    })),
    shards: {
      total: found.shards?.total ?? 0,
      failed: found.shards?.failed ?? 0,
      successful: found.shards?.successful ?? 0,
    },
    failures: (found.failures ?? []).map(({ index, shard_id: shard, reason }) => ({
      index,
      shard,
      reason,
    })),
    startTime: new Date(found.start_time_in_millis ?? 0).toISOString(),
    ...(found.state !== 'IN_PROGRESS' && found.end_time_in_millis
      ? { endTime: new Date(found.end_time_in_millis).toISOString() }
      : {}),
    metadata: found.metadata ?? {},
    version: found.version ?? '',
    includesGlobalState: found.include_global_state ?? false,
  }));
}
