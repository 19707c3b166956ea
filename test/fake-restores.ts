import type { FakeAnswer, FakeRequest } from './fake-elasticsearch.ts';

export interface HeldIndex {
  settings?: Record<string, string>;
  /** The data stream that it backs. */
  stream?: string;
}

export interface FakeSnapshot {
  indices: Record<string, HeldIndex>;
  features?: Record<string, string[]>;
  persistent?: Record<string, string>;
}

interface Living {
  uuid: string;
  state: 'open' | 'close';
  settings: Record<string, string>;
  placed: boolean;
  fromSnapshot: boolean;
  /** Elasticsearch restarted while it restored the shard: nothing of it is on the disk, or half of it. */
  cut?: 'nothing' | 'half';
}

/**
 * A cluster of one node that restores one snapshot as Elasticsearch does, as far as allocation, blocks, data streams and
 * feature states go: a shard that no node may take at the first try is given up for good.
 */
export function fakeCluster(snapshot: FakeSnapshot) {
  const indices: Record<string, Living> = {};
  const streams: Record<string, string[]> = {};
  let persistent: Record<string, string> = {};
  const transient: Record<string, string> = {};
  let created = 0;

  const setting = (name: string) => transient[name] ?? persistent[name];
  /** What a node says to a shard, as `_cluster/allocation/explain` does. */
  const objection = ({ settings }: Pick<Living, 'settings'>) => {
    const filter = Object.entries(settings).find(([name]) => name.includes('allocation.require'));
    if (filter)
      return { decider: 'filter', text: `node does not match index setting [${filter[0]}] filters [${filter[1]}]` };
    if ((setting('cluster.routing.allocation.enable') ?? 'all') !== 'all')
      return { decider: 'enable', text: 'allocation is not allowed by [cluster.routing.allocation.enable=none]' };
    return undefined;
  };
  const create = (name: string, settings: Record<string, string>, fromSnapshot: boolean) => {
    indices[name] = {
      uuid: `u${(created += 1)}`,
      state: 'open',
      settings,
      placed: objection({ settings }) === undefined,
      fromSnapshot,
    };
  };
  const ofMetadata = /blocks\.(read_only|metadata)/;
  const blocked = (name: string) => Object.keys(indices[name]?.settings ?? {}).some((one) => ofMetadata.test(one));
  const refused = (name: string): FakeAnswer => ({
    status: 403,
    error: {
      type: 'cluster_block_exception',
      reason: `index [${name}] blocked by: [FORBIDDEN/5/index read-only (api)];`,
    },
  });

  function restore(body: Record<string, unknown>): FakeAnswer {
    const wanted = body['indices'] as string[];
    const ignored = (body['ignore_index_settings'] as string[] | undefined) ?? [];
    const held = Object.entries(snapshot.indices).filter(
      ([name, { stream = '' }]) => wanted.includes(name) || wanted.includes(stream),
    );
    const there = held.filter(([name]) => indices[name]).map(([name]) => name);
    if (there.length > 0)
      return { status: 500, error: { type: 'snapshot_restore_exception', reason: `index [${there[0] ?? ''}] exists` } };
    if (body['include_global_state'] === true) persistent = { ...snapshot.persistent };
    for (const [name, { settings = {}, stream }] of held) {
      const kept = Object.fromEntries(Object.entries(settings).filter(([key]) => !ignored.includes(key)));
      create(name, kept, true);
      // By its own name it comes back as a plain index.
      if (stream !== undefined && wanted.includes(stream)) (streams[stream] ??= []).push(name);
    }
    const features = (body['feature_states'] as string[]).flatMap((feature) => snapshot.features?.[feature] ?? []);
    for (const name of features) create(name, {}, true);
    return { body: { accepted: true } };
  }

  function answer({ method, path, body }: FakeRequest): FakeAnswer | undefined {
    const [first = '', what = ''] = path.slice(1).split('/');
    const names = first.split(',');
    if (path === '/_cluster/settings' && method === 'GET') return { body: { persistent, transient } };
    if (path === '/_cluster/settings') {
      for (const scope of ['persistent', 'transient'] as const)
        for (const [name, value] of Object.entries(
          (body as Record<string, Record<string, string | null>>)[scope] ?? {},
        )) {
          const settings = scope === 'persistent' ? persistent : transient;
          if (value === null) Reflect.deleteProperty(settings, name);
          else settings[name] = value;
        }
      return { body: {} };
    }
    if (path.startsWith('/_cluster/state')) return { body: stateOf() };
    if (path === '/_cluster/allocation/explain') {
      const { index } = body as { index: string };
      const { decider, text } = objection(indices[index] ?? { settings: {} }) ?? { decider: 'none', text: 'nothing' };
      const deciders = [
        { decider, decision: 'NO', explanation: text },
        { decider: 'restore_in_progress', decision: 'NO', explanation: 'shard has failed to be restored' },
      ];
      return { body: { allocate_explanation: 'no', node_allocation_decisions: [{ node_name: 'es-1', deciders }] } };
    }
    if (path === '/_nodes') return { body: { nodes: { n1: { roles: ['data_hot', 'master'] } } } };
    if (path.endsWith('/_restore')) return restore(body as Record<string, unknown>);
    if (path.endsWith('/_status')) return { body: { snapshots: [] } };
    if (what === '_recovery') {
      const shut = names.find(blocked);
      if (shut !== undefined) return refused(shut);
      return { body: Object.fromEntries(names.map((name) => [name, { shards: [recoveryOf(name)] }])) };
    }
    if (what === '_settings') {
      const changes = body as Record<string, string | null>;
      // A request for one of these blocks alone is always accepted.
      const [only = '', ...more] = Object.keys(changes);
      const accepted = more.length === 0 && ofMetadata.test(only);
      const shut = accepted ? undefined : names.find(blocked);
      if (shut !== undefined) return refused(shut);
      for (const name of names)
        for (const [change, value] of Object.entries(changes)) {
          if (value === null) Reflect.deleteProperty(indices[name]?.settings ?? {}, change);
          else Object.assign(indices[name]?.settings ?? {}, { [change]: value });
        }
      return { body: {} };
    }
    if (what === '_close') {
      const shut = names.find(blocked);
      if (shut !== undefined) return refused(shut);
      for (const name of names) if (indices[name]) indices[name].state = 'close';
      return { body: {} };
    }
    if (first === '_data_stream' && method === 'DELETE') {
      for (const name of streams[what] ?? []) Reflect.deleteProperty(indices, name);
      Reflect.deleteProperty(streams, what);
      return { body: {} };
    }
    if (first === '_data_stream')
      return { body: { data_streams: Object.keys(streams).map((name) => ({ name, template: 'logs-template' })) } };
    if (method === 'DELETE') {
      const shut = names.find(blocked);
      if (shut !== undefined) return refused(shut);
      const backing = names.find((name) => Object.values(streams).some((held) => held.includes(name)));
      if (backing !== undefined)
        return {
          status: 400,
          error: { type: 'illegal_argument_exception', reason: `[${backing}] backs a data stream` },
        };
      for (const name of names) Reflect.deleteProperty(indices, name);
      return { body: {} };
    }
    return undefined;
  }

  function recoveryOf(name: string) {
    const source = indices[name]?.fromSnapshot ? { repository: 'backup', snapshot: 's' } : {};
    return { source, index: { size: { recovered_in_bytes: 1 } } };
  }

  function stateOf() {
    const entries = Object.entries(indices);
    const shardOf = ({ placed, cut }: Living) => {
      const why = cut ?? (placed ? undefined : 'refused');
      return { state: why ? 'UNASSIGNED' : 'STARTED', primary: true, shard: 0, ...(why && unassigned[why]) };
    };
    return {
      metadata: {
        indices: Object.fromEntries(
          entries.map(([name, { uuid, state, settings }]) => [
            name,
            { state, aliases: [], settings: { index: { uuid, number_of_shards: '1', ...nested(settings) } } },
          ]),
        ),
        data_stream: {
          data_stream: Object.fromEntries(
            Object.entries(streams).map(([name, backing]) => [
              name,
              { generation: backing.length, indices: backing.map((index) => ({ index_name: index })) },
            ]),
          ),
        },
      },
      routing_table: {
        indices: Object.fromEntries(entries.map(([name, index]) => [name, { shards: { 0: [shardOf(index)] } }])),
      },
    };
  }
  return { answer, indices, streams, transient, persistent: () => persistent, create };
}

const unassigned = {
  refused: {
    recovery_source: { type: 'SNAPSHOT', repository: 'backup', snapshot: 's' },
    unassigned_info: {
      reason: 'NEW_INDEX_RESTORED',
      details: 'restore_source[backup/s]',
      allocation_status: 'deciders_no',
    },
  },
  nothing: {
    recovery_source: { type: 'EXISTING_STORE' },
    unassigned_info: { reason: 'CLUSTER_RECOVERED', allocation_status: 'no_valid_shard_copy' },
  },
  half: {
    recovery_source: { type: 'EXISTING_STORE' },
    unassigned_info: {
      reason: 'ALLOCATION_FAILED',
      details: 'failed shard on node [es-1]: shard failure, reason [failed to recover from gateway]',
      allocation_status: 'deciders_no',
    },
  },
};

/** `index.blocks.read` as `{ blocks: { read } }`. */
function nested(settings: Record<string, string>): object {
  const tree: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings)) {
    const parts = name.split('.').slice(1);
    let at = tree;
    for (const part of parts.slice(0, -1)) at = (at[part] ??= {}) as Record<string, unknown>;
    at[parts.at(-1) ?? ''] = value;
  }
  return tree;
}
