import type { IndexName } from '../../domain/platform.ts';
import type { Settings } from '../../domain/recovery-points/hindering-settings.ts';
import type { Client } from './client.ts';
import { attempt } from './errors.ts';

export interface IndexMetadata {
  /** Changes when an index is deleted and created again under its name. */
  uuid: string;
  state: 'open' | 'closed';
  aliases: string[];
  primaries: number;
  replicas: number;
  /** The major version of Elasticsearch that created it. */
  createdWith?: number;
  /** Elasticsearch's own, which belongs to a feature. */
  system: boolean;
  /** Its blocks and its allocation, by their full names. */
  settings: Settings;
}

export interface StreamMetadata {
  generation: number;
  /** Oldest first; the last one is written to. */
  indices: IndexName[];
}

export interface ClusterMetadata {
  indices: Record<IndexName, IndexMetadata>;
  dataStreams: Record<string, StreamMetadata>;
}

interface Answer {
  metadata?: {
    indices?: Record<
      IndexName,
      { state: string; aliases?: string[]; system?: boolean; settings: { index: Record<string, unknown> } }
    >;
    data_stream?: { data_stream?: Record<string, { generation: number; indices?: { index_name: IndexName }[] }> };
  };
}

/** One request whatever the number of indices: no list of names that could outgrow a request's path. */
export async function clusterMetadata(client: Client): Promise<ClusterMetadata> {
  const answer: unknown = await attempt('describe the indices', () =>
    client.cluster.state({
      metric: 'metadata',
      expand_wildcards: 'all',
      filter_path: [
        'metadata.indices.*.state',
        'metadata.indices.*.aliases',
        'metadata.indices.*.system',
        'metadata.indices.*.settings.index.uuid',
        'metadata.indices.*.settings.index.number_of_shards',
        'metadata.indices.*.settings.index.number_of_replicas',
        'metadata.indices.*.settings.index.version.created',
        'metadata.indices.*.settings.index.blocks',
        'metadata.indices.*.settings.index.routing.allocation',
        'metadata.data_stream.data_stream.*.generation',
        'metadata.data_stream.data_stream.*.indices.index_name',
      ],
    }),
  );
  const { indices = {}, data_stream: streams } = (answer as Answer).metadata ?? {};
  return {
    indices: Object.fromEntries(
      Object.entries(indices).map(([name, { state, aliases = [], system = false, settings }]) => [
        name,
        {
          state: state === 'close' ? 'closed' : 'open',
          aliases: aliases.toSorted(),
          uuid: String(settings.index['uuid']),
          primaries: Number(settings.index['number_of_shards']),
          replicas: Number(settings.index['number_of_replicas'] ?? 0),
          ...createdBy(settings.index['version']),
          system,
          settings: flat('index', { blocks: settings.index['blocks'], routing: settings.index['routing'] }),
        },
      ]),
    ),
    dataStreams: Object.fromEntries(
      Object.entries(streams?.data_stream ?? {}).map(([name, { generation, indices: backing = [] }]) => [
        name,
        { generation, indices: backing.map(({ index_name: index }) => index) },
      ]),
    ),
  };
}

/** `8536000`: the first digits are the major version. */
function createdBy(version: unknown): Pick<IndexMetadata, 'createdWith'> {
  const major = Math.floor(Number((version as { created?: string } | undefined)?.created) / 1_000_000);
  return Number.isNaN(major) ? {} : { createdWith: major };
}

/** Nested settings by their full names. */
function flat(prefix: string, settings: object): Settings {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]: [string, unknown]) => {
      const full = `${prefix}.${name}`;
      if (typeof value === 'string') return [[full, value]];
      if (Array.isArray(value)) return [[full, value.join(',')]];
      return typeof value === 'object' && value !== null ? Object.entries(flat(full, value)) : [];
    }),
  );
}
