import { Failure } from '../../../domain/failures.ts';
import type { IndexName } from '../../../domain/platform.ts';
import { hinderingOf, type Settings } from '../../../domain/recovery-points/hindering-settings.ts';
import { storageTimeout, type Client } from '../client.ts';
import { clusterMetadata, type ClusterMetadata } from '../cluster-metadata.ts';
import { attempt } from '../errors.ts';
import { inPathSizes } from '../names.ts';
import { pause } from '../../pause.ts';
import { liftBlocks, settingsToIgnore, type SettingsOf } from './index-settings.ts';
import { liftAllocation } from './overrides.ts';
import { readMarker, writeMarker } from './restore-marker.ts';
import { observeRestore, sourceNameOf, sourceOf, type RestoreRequest, type RestoreSeen } from './restore-state.ts';
import { unitsOf, type Streams, type Units } from './units.ts';
import { whileUsersReturn } from './users-return.ts';

export type { RestoreRequest } from './restore-state.ts';

export interface RestoreWork extends RestoreRequest {
  globalState: boolean;
  /** Data streams of the indices. */
  streams?: Streams;
  /** Settings of the indices that would hinder their restore: left out of it, to be put back by the caller. */
  settings?: SettingsOf;
  /** Cluster settings of the global state that would hinder it: lifted until `resetThrottles`. */
  clusterSettings?: Settings;
  /** The cluster serves others meanwhile: its own rules of allocation hold. */
  living?: true;
  /** Default: they come along. */
  aliases?: boolean;
  /** Settings that get another value than in the snapshot, or are left out. */
  overrides?: { settings: Settings; ignored: readonly string[] };
}

export interface RestoreStarted {
  started: IndexName[];
  /** Settings that were left out; those of `settings` and what indices had brought whose shards no node took. */
  leftOut: SettingsOf;
}

/**
 * Starts the restore of exactly these indices and returns at once. Called again, it goes on where an earlier attempt
 * died: indices that are there or on their way stay, those whose shards are dead (the storage or Elasticsearch went
 * away, or no node may take them) are restored again. An index that does not come from this snapshot is never touched:
 * `RestoreFailed`.
 */
export async function startRestore(client: Client, work: RestoreWork): Promise<RestoreStarted> {
  const seen = await whileUsersReturn(work, () => observeRestore(client, work));
  refuseForeign(work, seen);
  const dead = seen.finished ? [] : await stillDead(client, work, seen);
  const missing = work.indices.filter((name) => !seen.indices.has(name) || dead.includes(name));
  const cluster = await clusterMetadata(client);
  const again = unitsOf([...missing, ...strayOf(work, seen, cluster)], work.streams ?? {});
  const features = featuresToRestore(work, seen, missing.length === work.indices.length ? undefined : dead);
  const brought = dead.map((name): [IndexName, Settings] => [name, hinderingOf(cluster.indices[name]?.settings ?? {})]);
  const leftOut = { ...Object.fromEntries(brought.filter(([, of]) => Object.keys(of).length > 0)), ...work.settings };
  if (again.indices.length + again.streams.length + features.length > 0) {
    await clear(client, work, again, seen, cluster);
    if (!work.living) await liftAllocation(client, work.clusterSettings);
    await accept(client, work, again, features, await settingsToIgnore(client, leftOut));
    // What the global state brought.
    if (!work.living) await whileUsersReturn(work, () => liftAllocation(client));
  }
  await whileUsersReturn(work, () => rememberOurs(client, work));
  const backing = again.streams.flatMap((stream) => work.streams?.[stream] ?? []);
  return { started: [...again.indices, ...backing].toSorted(), leftOut };
}

/** Removes what is left of the indices to be restored; a data stream's only with the stream. */
async function clear(
  client: Client,
  work: RestoreWork,
  again: Units,
  seen: RestoreSeen,
  { indices, dataStreams }: ClusterMetadata,
): Promise<void> {
  const present = again.streams.filter((stream) => dataStreams[stream] !== undefined);
  const foreign = present.filter((stream) =>
    dataStreams[stream]?.indices.some((name) => seen.indices.get(name)?.ours !== true),
  );
  if (foreign.length > 0) throw foreignData(work, 'data streams exist and hold indices that', foreign);
  const backing = again.streams.flatMap((stream) => work.streams?.[stream] ?? []);
  const left = [...again.indices, ...backing].filter((name) => seen.indices.has(name));
  await liftBlocks(client, Object.fromEntries(left.map((name) => [name, indices[name]?.settings ?? {}])));
  for (const name of present)
    await attempt(`delete what is left of the data stream ${name}`, () => client.indices.deleteDataStream({ name }));
  const gone = new Set(Object.values(dataStreams).flatMap((stream) => stream.indices));
  for (const index of inPathSizes(left.filter((name) => !gone.has(name))))
    await attempt(`delete what is left of ${index.join(', ')}`, () =>
      client.indices.delete({ index, expand_wildcards: 'all' }),
    );
}

async function accept(
  client: Client,
  work: RestoreWork,
  again: Units,
  features: string[],
  ignored: string[],
): Promise<void> {
  const { repository, snapshot, globalState } = work;
  const names = [...again.indices.map((name) => sourceNameOf(work, name)), ...again.streams];
  const { renamed, overrides: { settings, ignored: unwanted } = { settings: {}, ignored: [] }, aliases = true } = work;
  const leftOut = [...ignored, ...unwanted];
  try {
    await attempt(`restore snapshot ${snapshot}`, () =>
      client.snapshot.restore(
        {
          repository,
          snapshot,
          wait_for_completion: false,
          // No name means no index: an empty list would mean all of them.
          indices: names.length === 0 ? ['-*'] : names,
          include_global_state: globalState,
          include_aliases: aliases,
          ...(renamed && { rename_pattern: renamed.pattern, rename_replacement: renamed.replacement }),
          ...(Object.keys(settings).length > 0 && { index_settings: settings }),
          feature_states: features.length === 0 ? ['none'] : features,
          ...(leftOut.length > 0 && { ignore_index_settings: leftOut }),
          ignore_unavailable: false,
          partial: false,
        },
        { requestTimeout: storageTimeout },
      ),
    );
  } catch (error) {
    // An earlier attempt's request may have been carried out after this one had looked.
    if (!(error instanceof Failure) || error.kind !== 'RestoreFailed') throw error;
    const seen = await observeRestore(client, work);
    if (work.indices.some((name) => seen.indices.get(name)?.ours !== true)) throw error;
  }
}

function refuseForeign(work: RestoreWork, seen: RestoreSeen): void {
  const foreign = work.indices.filter((name) => seen.indices.get(name)?.ours === false);
  if (foreign.length > 0) throw foreignData(work, 'indices exist and', foreign);
}

function foreignData(work: RestoreWork, what: string, names: readonly string[]): Failure {
  return new Failure('RestoreFailed', {
    message: `These ${what} do not come from snapshot ${sourceOf(work)}: ${names.join(', ')}`,
    remedy: 'Check what they hold, delete or rename them, then retry; Rekindle deletes no data that it did not restore',
  });
}

const deadOf = (seen: RestoreSeen): IndexName[] =>
  [...seen.indices.values()]
    .filter(({ primaries }) => primaries.some(({ state }) => state === 'dead'))
    .map(({ name }) => name);

/** Backing indices that came back without their data stream. */
function strayOf({ streams = {} }: RestoreWork, seen: RestoreSeen, { dataStreams }: ClusterMetadata): IndexName[] {
  if (seen.finished) return [];
  return Object.entries(streams).flatMap(([stream, backing]) =>
    backing.filter((name) => seen.indices.has(name) && dataStreams[stream]?.indices.includes(name) !== true),
  );
}

/** All of them at the first attempt; later (`dead` is given) those that are broken or did not come. */
function featuresToRestore({ features = {} }: RestoreWork, seen: RestoreSeen, dead: IndexName[] | undefined): string[] {
  if (dead === undefined) return Object.keys(features);
  if (seen.finished) return [];
  return Object.entries(features)
    .filter(([, indices]) => {
      const came = indices.some((name) => seen.indices.get(name)?.ours === true);
      return (indices.length > 0 && !came) || indices.some((name) => dead.includes(name));
    })
    .map(([name]) => name);
}

/** Right after a restart shards may look lost until their node has spoken. */
async function stillDead(client: Client, request: RestoreRequest, seen: RestoreSeen): Promise<IndexName[]> {
  const dead = deadOf(seen);
  const lost = dead.some((name) => seen.indices.get(name)?.primaries.some(({ interrupted }) => interrupted));
  if (!lost) return dead;
  await pause(3_000);
  const again = deadOf(await observeRestore(client, request));
  return dead.filter((name) => again.includes(name));
}

async function rememberOurs(client: Client, request: RestoreRequest): Promise<void> {
  const seen = await observeRestore(client, request);
  const source = sourceOf(request);
  const uuids = [...seen.indices.values()].filter(({ ours }) => ours).map(({ uuid }) => uuid);
  const marker = await readMarker(client);
  const known = marker.source === source ? marker.uuids : [];
  // A copy restores batch after batch from one snapshot: what it brought before stays its own.
  const all = [...new Set([...known, ...uuids])];
  if (marker.source !== source || all.length > known.length)
    await writeMarker(client, { source, uuids: all, finished: false });
}
