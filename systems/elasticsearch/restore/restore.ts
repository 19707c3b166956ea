import { Failure } from '../../../domain/failures.ts';
import type { IndexName } from '../../../domain/platform.ts';
import { storageTimeout, type Client } from '../client.ts';
import { attempt } from '../errors.ts';
import { inPathSizes } from '../names.ts';
import { pause } from '../../pause.ts';
import { readMarker, writeMarker } from './restore-marker.ts';
import { observeRestore, sourceOf, type RestoreRequest, type RestoreSeen } from './restore-state.ts';
import { readSnapshot, type SnapshotSummary } from '../snapshots/snapshots.ts';

export type { RestoreRequest } from './restore-state.ts';

/**
 * Starts the restore of exactly these indices and returns at once. Called again, it goes on where an earlier attempt
 * died: indices that are there or on their way stay, those whose shards are dead (the storage or Elasticsearch went
 * away) are restored anew. An index that does not come from this snapshot is never touched: `RestoreFailed`.
 */
export async function startRestore(
  client: Client,
  request: RestoreRequest & { globalState: boolean },
): Promise<{ started: IndexName[] }> {
  const seen = await observeRestore(client, request);
  refuseForeign(request, seen);
  const dead = seen.finished ? [] : await stillDead(client, request, deadOf(seen));
  for (const index of inPathSizes(dead)) {
    await attempt(`delete what is left of ${index.join(', ')}`, () => client.indices.delete({ index }));
  }
  const missing = request.indices.filter((name) => !seen.indices.has(name) || dead.includes(name));
  if (missing.length > 0) await acceptRestore(client, request, missing);
  await rememberOurs(client, request);
  return { started: missing };
}

async function acceptRestore(
  client: Client,
  request: RestoreRequest & { globalState: boolean },
  missing: IndexName[],
): Promise<void> {
  const { repository, snapshot, globalState } = request;
  const dataStreams = streamsOf(await readSnapshot(client, repository, snapshot), request.indices);
  try {
    await attempt(`restore snapshot ${snapshot}`, () =>
      client.snapshot.restore(
        {
          repository,
          snapshot,
          wait_for_completion: false,
          // Backing indices without their data stream would come back as plain indices.
          indices: missing.length === request.indices.length ? [...missing, ...dataStreams] : missing,
          include_global_state: globalState,
          include_aliases: true,
          feature_states: ['none'],
          ignore_unavailable: false,
          partial: false,
        },
        { requestTimeout: storageTimeout },
      ),
    );
  } catch (error) {
    // An earlier attempt's request may have been carried out after this one had looked.
    if (!(error instanceof Failure) || error.kind !== 'RestoreFailed') throw error;
    const seen = await observeRestore(client, request);
    if (request.indices.some((name) => seen.indices.get(name)?.ours !== true)) throw error;
  }
}

/**
 * The data streams to restore with the indices. A snapshot of ours holds no other; one that somebody else took may, and
 * what the plan does not name stays out: Elasticsearch names backing indices after their stream.
 */
function streamsOf({ dataStreams, metadata }: SnapshotSummary, indices: readonly IndexName[]): string[] {
  if (metadata['takenBy'] === 'rekindle') return dataStreams;
  return dataStreams.filter((stream) => indices.some((index) => index.startsWith(`.ds-${stream}-`)));
}

function refuseForeign(request: RestoreRequest, seen: RestoreSeen): void {
  const foreign = [...seen.indices.values()].filter(({ ours }) => !ours).map(({ name }) => name);
  if (foreign.length === 0) return;
  throw new Failure('RestoreFailed', {
    message: `These indices exist and do not come from snapshot ${sourceOf(request)}: ${foreign.join(', ')}`,
    remedy: 'Check what they hold, delete or rename them, then retry; Rekindle deletes no data that it did not restore',
  });
}

const deadOf = (seen: RestoreSeen): IndexName[] =>
  [...seen.indices.values()]
    .filter(({ primaries }) => primaries.some(({ state }) => state === 'dead'))
    .map(({ name }) => name);

/** Right after a restart shards may look lost until their node has spoken. */
async function stillDead(client: Client, request: RestoreRequest, dead: IndexName[]): Promise<IndexName[]> {
  if (dead.length === 0) return [];
  await pause(3_000);
  const again = deadOf(await observeRestore(client, request));
  return dead.filter((name) => again.includes(name));
}

async function rememberOurs(client: Client, request: RestoreRequest): Promise<void> {
  const seen = await observeRestore(client, request);
  const uuids = [...seen.indices.values()].filter(({ ours }) => ours).map(({ uuid }) => uuid);
  const marker = await readMarker(client);
  const same = marker.source === sourceOf(request) && uuids.every((uuid) => marker.uuids.includes(uuid));
  if (!same) await writeMarker(client, { source: sourceOf(request), uuids, finished: false });
}
