import { isSystemIndex } from '../../domain/recovery-points/system-indices.ts';
import type { IndexName } from '../../domain/platform.ts';
import type { Client } from './client.ts';
import { attempt } from './errors.ts';
import { inPathSizes } from './names.ts';

export interface IndexDescription {
  name: IndexName;
  /** Changes when an index is deleted and created again under its name. */
  uuid: string;
  state: 'open' | 'closed';
  primaries: number;
  aliases: string[];
  /** The data stream that the index backs. */
  dataStream?: string;
}

/** Exact names, sorted, of all that the patterns match: open, closed and hidden ones, backing indices of data streams. */
export async function resolveIndices(client: Client, patterns: readonly string[]): Promise<IndexName[]> {
  if (patterns.length === 0) return [];
  const lists = await Promise.all(
    inPathSizes(patterns).map((name) =>
      attempt(`resolve ${name.join(',')}`, () =>
        client.indices.resolveIndex({ name: [...name, ...exclusions(patterns)], expand_wildcards: 'all' }),
      ),
    ),
  );
  const names = lists.flatMap(({ indices, data_streams: streams }) => [
    ...indices.map(({ name }) => name),
    ...streams.flatMap((stream) => stream.backing_indices),
  ]);
  const named = new Set(patterns);
  return [...new Set(names)].filter((name) => named.has(name) || !isSystemIndex(name)).toSorted();
}

/** A pattern such as `-nuvla-tmp*` takes names away; it must be in every list of a divided request. */
function exclusions(patterns: readonly string[]): string[] {
  return inPathSizes(patterns).length > 1 ? patterns.filter((pattern) => pattern.startsWith('-')) : [];
}

/** State, primaries and aliases of each index, sorted by name. Names that do not exist are left out. */
export async function describeIndices(client: Client, names: readonly IndexName[]): Promise<IndexDescription[]> {
  const state = await clusterMetadata(client);
  return names
    .flatMap((name): IndexDescription[] => {
      const found = state.indices[name];
      if (found === undefined) return [];
      return [
        {
          name,
          uuid: found.settings.index.uuid,
          state: found.state === 'close' ? 'closed' : 'open',
          primaries: Number(found.settings.index.number_of_shards),
          aliases: found.aliases.toSorted(),
          ...(state.streamOf[name] === undefined ? {} : { dataStream: state.streamOf[name] }),
        },
      ];
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Closes open indices: a restore opens all, whatever they were in the snapshot. Closed ones stay as they are. */
export async function closeIndices(client: Client, names: readonly IndexName[]): Promise<void> {
  const open = (await describeIndices(client, names)).filter(({ state }) => state === 'open').map(({ name }) => name);
  for (const index of inPathSizes(open)) {
    await attempt(`close ${index.join(', ')}`, () =>
      client.indices.close({ index, expand_wildcards: 'all', wait_for_active_shards: 1 }),
    );
  }
}

interface IndexMetadata {
  state: 'open' | 'close';
  aliases: string[];
  settings: { index: { uuid: string; number_of_shards: string } };
}

interface ClusterMetadata {
  indices: Record<string, IndexMetadata>;
  streamOf: Record<string, string>;
}

/** One request whatever the number of indices: no list of names that could outgrow a request's path. */
async function clusterMetadata(client: Client): Promise<ClusterMetadata> {
  const answer: unknown = await attempt('describe the indices', () =>
    client.cluster.state({
      metric: 'metadata',
      expand_wildcards: 'all',
      filter_path: [
        'metadata.indices.*.state',
        'metadata.indices.*.aliases',
        'metadata.indices.*.settings.index.uuid',
        'metadata.indices.*.settings.index.number_of_shards',
        'metadata.data_stream.data_stream.*.indices.index_name',
      ],
    }),
  );
  const metadata = (
    answer as {
      metadata?: {
        indices?: Record<string, Omit<IndexMetadata, 'aliases'> & { aliases?: string[] }>;
        data_stream?: { data_stream?: Record<string, { indices?: { index_name: string }[] }> };
      };
    }
  ).metadata;
  const indices = Object.fromEntries(
    Object.entries(metadata?.indices ?? {}).map(([name, found]) => [name, { ...found, aliases: found.aliases ?? [] }]),
  );
  const streamOf = Object.fromEntries(
    Object.entries(metadata?.data_stream?.data_stream ?? {}).flatMap(([stream, found]) =>
      (found.indices ?? []).map(({ index_name: name }) => [name, stream]),
    ),
  );
  return { indices, streamOf };
}
