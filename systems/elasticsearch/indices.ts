import { isSystemIndex } from '../../domain/recovery-points/system-indices.ts';
import type { IndexName } from '../../domain/platform.ts';
import type { Client } from './client.ts';
import { clusterMetadata, type IndexMetadata } from './cluster-metadata.ts';
import { attempt } from './errors.ts';
import { inPathSizes } from './names.ts';

export interface IndexDescription extends IndexMetadata {
  name: IndexName;
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
  const named = new Set(patterns);
  const names = lists.flatMap(({ indices, data_streams: streams }) => [
    ...indices
      .filter(({ name, attributes }) => named.has(name) || !attributes.includes('system'))
      .map(({ name }) => name),
    ...streams.flatMap((stream) => stream.backing_indices),
  ]);
  return [...new Set(names)].filter((name) => named.has(name) || !isSystemIndex(name)).toSorted();
}

/** A pattern such as `-nuvla-tmp*` takes names away; it must be in every list of a divided request. */
function exclusions(patterns: readonly string[]): string[] {
  return inPathSizes(patterns).length > 1 ? patterns.filter((pattern) => pattern.startsWith('-')) : [];
}

/** State, primaries and aliases of each index, sorted by name. Names that do not exist are left out. */
export async function describeIndices(client: Client, names: readonly IndexName[]): Promise<IndexDescription[]> {
  const { indices, dataStreams } = await clusterMetadata(client);
  const streamOf = new Map(
    Object.entries(dataStreams).flatMap(([stream, { indices: backing }]) => backing.map((index) => [index, stream])),
  );
  return names
    .flatMap((name): IndexDescription[] => {
      const found = indices[name];
      if (found === undefined) return [];
      const dataStream = streamOf.get(name);
      return [{ name, ...found, ...(dataStream !== undefined && { dataStream }) }];
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
