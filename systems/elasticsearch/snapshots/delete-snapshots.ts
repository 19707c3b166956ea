import { errors } from '@elastic/elasticsearch';
import { Failure } from '../../../domain/failures.ts';
import type { SnapshotName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import { storageTimeout, type Client } from '../client.ts';
import { attempt, isStatus } from '../errors.ts';
import { inPathSizes } from '../names.ts';
import { pause } from '../../pause.ts';

/** Milliseconds between two polls of a repository that something else works on. */
const conflictPause = 2_000;

/** What tells one snapshot from another of the same name. */
export interface SnapshotOrigin {
  /** ISO 8601, UTC. */
  startTime: string;
  /** The run that took it; absent when Rekindle did not. */
  run?: string;
}

/** Every name in the repository. Failure: RepositoryRefused when it is not registered; an empty answer would be wrong. */
export async function namesInRepository(client: Client, repository: string): Promise<SnapshotName[]> {
  const { snapshots = [] } = await attempt(`list the snapshots of repository ${repository}`, () =>
    client.snapshot.get({ repository, snapshot: '*', verbose: false }, { requestTimeout: storageTimeout }),
  );
  return snapshots.map(({ snapshot }) => snapshot);
}

/** Those of the named snapshots that are there, by name. */
export async function snapshotOrigins(
  client: Client,
  repository: string,
  names: readonly SnapshotName[],
): Promise<Map<SnapshotName, SnapshotOrigin>> {
  const there = new Set(await namesInRepository(client, repository));
  const found = new Map<SnapshotName, SnapshotOrigin>();
  for (const some of inPathSizes(names.filter((name) => there.has(name)))) {
    const { snapshots = [] } = await attempt(`read ${some.length} snapshots of repository ${repository}`, () =>
      client.snapshot.get(
        { repository, snapshot: some.join(','), ignore_unavailable: true },
        { requestTimeout: storageTimeout },
      ),
    );
    for (const { snapshot, metadata, start_time_in_millis: start } of snapshots) {
      const run: unknown = metadata?.['run'];
      found.set(snapshot, {
        startTime: new Date(start ?? 0).toISOString(),
        ...(typeof run === 'string' && { run }),
      });
    }
  }
  return found;
}

/**
 * Deletes exactly these snapshots, several in one call, and returns when none is listed any more; one that is not there
 * is deleted already. While something else works on the repository (a snapshot, a restore, a clean-up) it waits for at
 * most `timeoutSeconds`; then it fails with RepositoryRefused.
 */
export async function deleteSnapshots(
  client: Client,
  request: { repository: string; snapshots: readonly SnapshotName[]; timeoutSeconds: number },
  watch: Watch = {},
): Promise<void> {
  const { repository, snapshots, timeoutSeconds } = request;
  const deadline = performance.now() + timeoutSeconds * 1000;
  for (;;) {
    watch.signal?.throwIfAborted();
    // Only what is listed under exactly this name: no text of a manifest is ever taken for a pattern.
    const listed = new Set(await namesInRepository(client, repository));
    const left = snapshots.filter((name) => listed.has(name));
    const done = snapshots.length - left.length;
    watch.onProgress?.({ done, total: snapshots.length, unit: 'snapshots', note: `deleting from ${repository}` });
    const [some] = inPathSizes(left);
    if (some === undefined) return;
    const obstacle = await deleteSome(client, repository, some, watch);
    if (obstacle === undefined) continue;
    if (performance.now() > deadline)
      throw new Failure('RepositoryRefused', {
        message: `Could not delete ${left.length} snapshots from repository ${repository} within ${timeoutSeconds} s: ${obstacle}`,
        remedy: 'Wait until what works on the repository has ended, or end it, then prune again',
      });
    watch.onProgress?.({ done, total: snapshots.length, unit: 'snapshots', note: `waits: ${obstacle}` });
    await pause(conflictPause, watch.signal);
  }
}

/** What is in the way; undefined when the call was taken. */
async function deleteSome(
  client: Client,
  repository: string,
  names: string[],
  { signal }: Watch,
): Promise<string | undefined> {
  return attempt(`delete ${names.length} snapshots from repository ${repository}`, async () => {
    try {
      await client.snapshot.delete(
        { repository, snapshot: names.join(',') },
        { requestTimeout: storageTimeout, ...(signal && { signal }) },
      );
    } catch (error) {
      signal?.throwIfAborted();
      if (isConflict(error)) return firstReason(error);
      // One of them has gone since the list: another list shows which.
      if (isMissingSnapshot(error)) return undefined;
      // The server goes on with it.
      if (error instanceof errors.TimeoutError) return 'Elasticsearch is still deleting';
      throw error;
    }
    return undefined;
  });
}

const conflicts = /^concurrent_snapshot_execution_exception$/;

function isConflict(error: unknown): error is errors.ResponseError {
  return error instanceof errors.ResponseError && conflicts.test(typeOf(error));
}

function isMissingSnapshot(error: unknown): boolean {
  return isStatus(error, 404) && typeOf(error as errors.ResponseError) === 'snapshot_missing_exception';
}

interface ErrorBody {
  error?: { type?: string; reason?: string };
}

const typeOf = ({ body }: errors.ResponseError) => (body as ErrorBody | undefined)?.error?.type ?? '';
const firstReason = ({ body }: errors.ResponseError) =>
  (body as ErrorBody | undefined)?.error?.reason ?? 'something else works on the repository';
