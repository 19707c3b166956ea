import { isSystemIndex } from '../../domain/recovery-points/system-indices.ts';
import type { IndexName } from '../../domain/platform.ts';
import type { Client } from './client.ts';
import { clusterMetadata, type IndexMetadata } from './cluster-metadata.ts';
import { attempt, isStatus } from './errors.ts';
import { inPathSizes } from './names.ts';

export interface IndexDescription extends IndexMetadata {
  name: IndexName;
  /** The data stream that the index backs. */
  dataStream?: string;
}

/** What one pattern of the platform file means. */
export interface PatternMatch {
  pattern: string;
  indices: IndexName[];
  /** Names that stand for other indices: a backup takes indices and data streams, and no alias. */
  aliases: { name: string; indices: IndexName[] }[];
}

/** What each pattern means, one that excludes names aside; a name that is not there means nothing. */
export async function matchesOf(client: Client, patterns: readonly string[]): Promise<PatternMatch[]> {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('-'));
  return Promise.all(
    wanted.map(async (pattern): Promise<PatternMatch> => {
      const found = await resolve(client, [pattern]);
      return { pattern, indices: namesIn(found, [pattern]), aliases: found?.aliases.map(aliasOf) ?? [] };
    }),
  );
}

/**
 * Exact names, sorted, of all that the patterns match: open, closed and hidden ones, backing indices of data streams.
 * A name that is not there (any more) means nothing.
 */
export async function resolveIndices(client: Client, patterns: readonly string[]): Promise<IndexName[]> {
  if (patterns.length === 0) return [];
  const lists = await Promise.all(
    inPathSizes(patterns).map(async (name) => {
      const found = await resolve(client, [...name, ...exclusions(patterns)]);
      if (found) return namesIn(found, patterns);
      // One exact name that is not there fails the whole list.
      const there = (await matchesOf(client, name)).filter(({ indices }) => indices.length > 0);
      const others = there.map(({ pattern }) => pattern);
      if (others.length === 0) return [];
      const excluded = patterns.filter((pattern) => pattern.startsWith('-'));
      return namesIn(await resolve(client, [...others, ...excluded]), patterns);
    }),
  );
  return [...new Set(lists.flat())].toSorted();
}

/** Undefined: one of the names is not there. */
function resolve(client: Client, name: string[]) {
  return attempt(`resolve ${name.join(',')}`, async () => {
    try {
      return await client.indices.resolveIndex({ name, expand_wildcards: 'all' });
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  });
}

type Resolved = Awaited<ReturnType<typeof resolve>>;

/** System indices are left out unless they are named exactly. */
function namesIn(found: Resolved, patterns: readonly string[]): IndexName[] {
  const { indices = [], data_streams: streams = [] } = found ?? {};
  const names = [
    ...indices
      .filter(({ name, attributes }) => patterns.includes(name) || !attributes.includes('system'))
      .map(({ name }) => name),
    ...streams.flatMap((stream) => stream.backing_indices),
  ];
  return names.filter((name) => patterns.includes(name) || !isSystemIndex(name));
}

function aliasOf({ name, indices }: { name: string; indices: string | string[] }): PatternMatch['aliases'][number] {
  return { name, indices: [indices].flat() };
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
