import type { IndexName, SnapshotName } from '../../../domain/platform.ts';
import type { Client } from '../client.ts';
import { attempt } from '../errors.ts';
import { inPathSizes } from '../names.ts';
import { askAbout } from '../unreadable.ts';
import { readMarker } from './restore-marker.ts';

export interface RestoreRequest {
  repository: string;
  snapshot: SnapshotName;
  indices: IndexName[];
  /** Feature states, each with its indices: Elasticsearch replaces those that are there, and may drop some again. */
  features?: Record<string, readonly IndexName[]>;
  /** `indices` are the names that they get; absent: those of the snapshot. */
  renamed?: { pattern: string; replacement: string; sources: Record<IndexName, IndexName> };
}

/** Of feature states: they belong to Elasticsearch, so one that is not there is not missing. */
export function featureIndices({ features = {} }: RestoreRequest): IndexName[] {
  return Object.values(features).flat();
}

/** What a restored index is called in the snapshot. */
export function sourceNameOf({ renamed }: RestoreRequest, restored: IndexName): IndexName {
  return renamed?.sources[restored] ?? restored;
}

export type PrimaryState = 'started' | 'restoring' | 'waiting' | 'dead';

export interface PrimarySeen {
  shard: number;
  state: PrimaryState;
  /** Why it is not started; a Java stack trace when it failed. */
  reason: string;
  /** A restart of Elasticsearch cut its restore off. */
  interrupted: boolean;
  /** No node may take it; the reason is not here but in the explanation of its allocation. */
  unplaced: boolean;
}

export interface IndexSeen {
  name: IndexName;
  uuid: string;
  /** Known to come from the snapshot in question. */
  ours: boolean;
  primaries: PrimarySeen[];
  /** Bytes that its running and finished recoveries have brought. */
  recoveredBytes: number;
}

export interface RestoreSeen {
  indices: Map<IndexName, IndexSeen>;
  /** This restore ended well before: what was written since is not to be touched. */
  finished: boolean;
}

export const sourceOf = ({ repository, snapshot }: Pick<RestoreRequest, 'repository' | 'snapshot'>): string =>
  `${repository}/${snapshot}`;

/** Looks at all indices of the restore that exist. Elasticsearch drops failed shards from `_recovery`; routing keeps them. */
export async function observeRestore(client: Client, request: RestoreRequest): Promise<RestoreSeen> {
  const marker = await readMarker(client);
  const same = marker.source === sourceOf(request);
  const known = new Set(same ? marker.uuids : []);
  const routing = await routingOf(client);
  const present = [...request.indices, ...featureIndices(request)].filter((name) => routing.has(name));
  const recoveries = await recoveriesOf(client, present);

  const indices = new Map<IndexName, IndexSeen>();
  for (const name of present) {
    const found = routing.get(name);
    if (found === undefined) continue;
    const mine = (source: Source | undefined) =>
      source?.repository === request.repository && source.snapshot === request.snapshot;
    const recovered = (recoveries[name] ?? []).filter(({ source }) => mine(source));
    indices.set(name, {
      name,
      uuid: found.uuid,
      ours: known.has(found.uuid) || recovered.length > 0 || found.primaries.some((one) => mine(one.recovery_source)),
      primaries: found.primaries.map(primaryOf),
      recoveredBytes: recovered.reduce((sum, { index }) => sum + index.size.recovered_in_bytes, 0),
    });
  }
  return { indices, finished: same && marker.finished };
}

interface Source {
  repository?: string;
  snapshot?: string;
}

interface Routing {
  state: string;
  primary: boolean;
  shard: number;
  recovery_source?: Source & { type: string };
  unassigned_info?: { reason: string; details?: string; allocation_status?: string };
}

function primaryOf({ state, shard, recovery_source: source, unassigned_info: info }: Routing): PrimarySeen {
  if (state === 'STARTED' || state === 'RELOCATING') return { shard, state: 'started', ...calm };
  if (state === 'INITIALIZING') return { shard, state: 'restoring', ...calm };
  // Once no node may take it, Elasticsearch gives the shard's restore up: no later change of settings brings it back.
  const refused = info?.allocation_status === 'deciders_no';
  const unplaced = refused && info.reason.endsWith('_RESTORED');
  const failed = refused && info.reason === 'ALLOCATION_FAILED';
  // After a restart Elasticsearch looks for the shard on its disk: it finds none, or half of one, which it cannot open.
  const interrupted =
    info?.allocation_status === 'no_valid_shard_copy' || (failed && source?.type === 'EXISTING_STORE');
  const reason = info?.details ?? `${info?.reason ?? 'unassigned'} (${info?.allocation_status ?? 'unknown'})`;
  return { shard, state: interrupted || failed || unplaced ? 'dead' : 'waiting', reason, interrupted, unplaced };
}

const calm = { reason: '', interrupted: false, unplaced: false };

async function routingOf(client: Client): Promise<Map<IndexName, { uuid: string; primaries: Routing[] }>> {
  const answer = (await attempt('read where the shards are', () =>
    client.cluster.state({
      metric: ['metadata', 'routing_table'],
      expand_wildcards: 'all',
      filter_path: ['metadata.indices.*.settings.index.uuid', 'routing_table.indices.*.shards'],
    }),
  )) as {
    metadata?: { indices?: Record<IndexName, { settings: { index: { uuid: string } } }> };
    routing_table?: { indices?: Record<IndexName, { shards: Record<string, Routing[]> }> };
  };
  return new Map(
    Object.entries(answer.metadata?.indices ?? {}).map(([name, { settings }]) => {
      const shards = Object.values(answer.routing_table?.indices?.[name]?.shards ?? {});
      return [name, { uuid: settings.index.uuid, primaries: shards.flat().filter(({ primary }) => primary) }];
    }),
  );
}

interface Recovery {
  source: Source;
  index: { size: { recovered_in_bytes: number } };
}

async function recoveriesOf(client: Client, names: readonly IndexName[]): Promise<Record<IndexName, Recovery[]>> {
  const found: Record<IndexName, Recovery[]> = {};
  for (const index of inPathSizes(names)) {
    // An index that blocks its metadata tells nothing of its recovery, and is there all the same.
    const { answers } = await askAbout('read the recoveries', index, (some) =>
      client.indices.recovery({
        index: some,
        expand_wildcards: 'all',
        filter_path: [
          '*.shards.source.repository',
          '*.shards.source.snapshot',
          '*.shards.index.size.recovered_in_bytes',
        ],
      } as never),
    );
    for (const answer of answers)
      for (const [name, { shards }] of Object.entries(answer)) found[name] = shards as unknown as Recovery[];
  }
  return found;
}
