import { Failure } from '../../../domain/failures.ts';
import { listed } from '../../../domain/listed.ts';
import type { IndexName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import { storageTimeout, type Client } from '../client.ts';
import { attempt, failureKindOf, innermostReason, remedyOf } from '../errors.ts';
import { pause, pollMilliseconds } from '../../pause.ts';
import { explainAllocation } from './explain-allocation.ts';
import { readMarker, writeMarker } from './restore-marker.ts';
import {
  featureIndices,
  observeRestore,
  sourceNameOf,
  sourceOf,
  type IndexSeen,
  type RestoreRequest,
  type RestoreSeen,
} from './restore-state.ts';
import { whileUsersReturn } from './users-return.ts';

/** How long nothing may happen before a shard that no node takes counts as stuck. */
const stuckMilliseconds = 60_000;

/**
 * Waits until every primary of every index is started. Cluster health is no guide here: an index being restored is
 * yellow with no shard active. Throws `RestoreFailed` naming index, shard and reason, or a retryable failure when the
 * storage or Elasticsearch went away: then `startRestore` restores the rest again.
 */
export async function awaitRestore(
  client: Client,
  request: RestoreRequest,
  watch: Watch = {},
): Promise<{ bytes: number; shards: number }> {
  const sizes = await whileUsersReturn(request, () => indexSizes(client, request), watch.signal);
  let moved = performance.now();
  let last = '';
  for (;;) {
    const seen = await whileUsersReturn(request, () => observeRestore(client, request), watch.signal);
    const { done, total, note, shards, finished } = progressOf(request, seen, sizes);
    await refuseDead(client, seen);
    if (finished) {
      await writeMarker(client, { ...(await readMarker(client)), source: sourceOf(request), finished: true });
      watch.onProgress?.({ done: total, total, unit: 'bytes', note });
      return { bytes: total, shards };
    }
    watch.onProgress?.({ done, total, unit: 'bytes', note });
    const now = `${String(done)} ${note}`;
    if (now !== last) moved = performance.now();
    last = now;
    if (performance.now() - moved > stuckMilliseconds) throw await stuck(client, request, seen);
    await pause(pollMilliseconds, watch.signal);
  }
}

function progressOf(request: RestoreRequest, seen: RestoreSeen, sizes: ReadonlyMap<IndexName, number>) {
  const there = featureIndices(request).filter((name) => seen.indices.has(name));
  const all = [...request.indices, ...there].map((name) => seen.indices.get(name));
  const started = (index: IndexSeen) => index.primaries.filter(({ state }) => state === 'started').length;
  const whole = (index: IndexSeen | undefined) =>
    index !== undefined && index.primaries.length > 0 && started(index) === index.primaries.length;
  const present = all.filter((index) => index !== undefined);
  const primaries = present.reduce((sum, index) => sum + index.primaries.length, 0);
  const complete = present.reduce((sum, index) => sum + started(index), 0);
  const brought = present.reduce((sum, index) => {
    return sum + (whole(index) ? (sizes.get(index.name) ?? index.recoveredBytes) : index.recoveredBytes);
  }, 0);
  const total = request.indices.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0) || brought;
  return {
    done: Math.min(brought, total),
    total,
    shards: primaries,
    note: `${complete} of ${primaries} shards, ${all.filter(whole).length} of ${all.length} indices`,
    finished: all.every(whole),
  };
}

async function refuseDead(client: Client, seen: RestoreSeen): Promise<void> {
  const dead = [...seen.indices.values()].flatMap(({ name, primaries }) =>
    primaries.filter(({ state }) => state === 'dead').map((primary) => ({ name, ...primary })),
  );
  const [first] = dead;
  if (first === undefined) return;
  if (first.unplaced) throw await unplaced(client, first, dead.length);
  // A restore that had ended is not repeated automatically: its shards were lost later, and with them what was written since.
  const interrupted = !seen.finished && dead.every((primary) => primary.interrupted);
  const told = failureKindOf(dead.map(({ reason }) => reason).join('\n'), 'RestoreFailed');
  // A snapshot that lacks something: what counts here is that the restore failed and that another point may work.
  const lacks = ['SnapshotMissing', 'SnapshotFailed', 'RepositoryCorrupted'].includes(told);
  const kind = interrupted ? 'ElasticsearchUnreachable' : lacks ? 'RestoreFailed' : told;
  const shards = dead.slice(0, 5).map(({ name, shard, reason }) => `${name}[${shard}]: ${innermostReason(reason)}`);
  const more = dead.length > 5 ? `; and ${dead.length - 5} more` : '';
  throw new Failure(kind, {
    message: interrupted
      ? `Elasticsearch restarted while it restored ${dead.length} shards; they are incomplete: ${shards.join('; ')}${more}`
      : `${dead.length} shards could not be restored: ${shards.join('; ')}${more}`,
    remedy:
      kind === 'RestoreFailed'
        ? 'Retry once the cause is gone; when files of the snapshot are missing or damaged, choose another recovery point'
        : interrupted
          ? 'Retry: the incomplete indices are restored again'
          : `${remedyOf(kind)}; then retry: the incomplete indices are restored again`,
  });
}

async function unplaced(
  client: Client,
  { name: index, shard, reason }: { name: IndexName; shard: number; reason: string },
  shards: number,
): Promise<Failure> {
  const { why, remedy } = await explainAllocation(client, { index, shard });
  const others = shards > 1 ? `, nor ${shards - 1} others` : '';
  return new Failure('RestoreFailed', {
    message: `No node takes the shard ${index}[${shard}]${others}: ${why ?? reason}`,
    remedy,
  });
}

async function stuck(client: Client, request: RestoreRequest, seen: RestoreSeen): Promise<Failure> {
  const [first] = [...seen.indices.values()].flatMap(({ name, primaries }) =>
    primaries.filter(({ state }) => state !== 'started').map(({ shard, reason }) => ({ name, shard, reason })),
  );
  const missing = request.indices.filter((name) => !seen.indices.has(name));
  const told = first && (await explainAllocation(client, { index: first.name, shard: first.shard }));
  const what = first ? `${first.name}[${first.shard}]: ${told?.why ?? first.reason}` : `missing ${listed(missing)}`;
  return new Failure('RestoreFailed', {
    message: `The restore of ${sourceOf(request)} made no progress for ${stuckMilliseconds / 1000} s: ${what}`,
    remedy: told?.remedy ?? 'Find out who deleted these indices while they were restored, then retry',
  });
}

/** Bytes of each index in the snapshot. One read per shard for the server: asked for once. */
async function indexSizes(client: Client, request: RestoreRequest): Promise<Map<string, number>> {
  const { repository, snapshot, indices } = request;
  const { snapshots } = await attempt(`read the sizes of snapshot ${snapshot}`, () =>
    client.snapshot.status(
      { repository, snapshot, filter_path: 'snapshots.indices.*.stats.total.size_in_bytes' },
      { requestTimeout: storageTimeout },
    ),
  );
  const found = snapshots[0]?.indices ?? {};
  return new Map(indices.map((name) => [name, found[sourceNameOf(request, name)]?.stats.total.size_in_bytes ?? 0]));
}
