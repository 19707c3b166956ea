import { Failure } from '../../../domain/failures.ts';
import type { IndexName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import { storageTimeout, type Client } from '../client.ts';
import { attempt, failureKindOf, innermostReason, remedyOf } from '../errors.ts';
import { pause, pollMilliseconds } from '../../pause.ts';
import { readMarker, writeMarker } from './restore-marker.ts';
import { observeRestore, sourceOf, type IndexSeen, type RestoreRequest, type RestoreSeen } from './restore-state.ts';

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
  const sizes = await indexSizes(client, request);
  let moved = performance.now();
  let last = '';
  for (;;) {
    const seen = await observeRestore(client, request);
    const { done, total, note, shards, finished } = progressOf(request, seen, sizes);
    refuseDead(seen);
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
  const all = request.indices.map((name) => seen.indices.get(name));
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

function refuseDead(seen: RestoreSeen): void {
  const dead = [...seen.indices.values()].flatMap(({ name, primaries }) =>
    primaries.filter(({ state }) => state === 'dead').map((primary) => ({ name, ...primary })),
  );
  if (dead.length === 0) return;
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

async function stuck(client: Client, request: RestoreRequest, seen: RestoreSeen): Promise<Failure> {
  const [first] = [...seen.indices.values()].flatMap(({ name, primaries }) =>
    primaries.filter(({ state }) => state !== 'started').map(({ shard, reason }) => ({ name, shard, reason })),
  );
  const missing = request.indices.filter((name) => !seen.indices.has(name));
  const what = first
    ? `${first.name}[${first.shard}]: ${await explain(client, first)}`
    : `missing ${missing.join(', ')}`;
  return new Failure('RestoreFailed', {
    message: `The restore of ${sourceOf(request)} made no progress for ${stuckMilliseconds / 1000} s: ${what}`,
    remedy:
      'Fix what keeps the shard from its node (disk space, allocation filters, fewer nodes than before), then retry',
  });
}

async function explain(client: Client, primary: { name: IndexName; shard: number; reason: string }): Promise<string> {
  const told = await attempt('explain the allocation', () =>
    client.cluster.allocationExplain({ index: primary.name, shard: primary.shard, primary: true }),
  );
  const deciders = (told.node_allocation_decisions ?? []).flatMap((node) =>
    (node.deciders ?? []).map(({ explanation }) => `${node.node_name}: ${explanation}`),
  );
  return [told.allocate_explanation, ...deciders.slice(0, 3)].filter(Boolean).join(' ') || primary.reason;
}

/** Bytes of each index in the snapshot. One read per shard for the server: asked for once. */
async function indexSizes(
  client: Client,
  { repository, snapshot, indices }: RestoreRequest,
): Promise<Map<string, number>> {
  const { snapshots } = await attempt(`read the sizes of snapshot ${snapshot}`, () =>
    client.snapshot.status(
      { repository, snapshot, filter_path: 'snapshots.indices.*.stats.total.size_in_bytes' },
      { requestTimeout: storageTimeout },
    ),
  );
  const found = snapshots[0]?.indices ?? {};
  return new Map(indices.map((name) => [name, found[name]?.stats.total.size_in_bytes ?? 0]));
}
