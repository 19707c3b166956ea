import { Failure } from '../../domain/failures.ts';
import type { Watch } from '../../domain/watch.ts';
import type { Client } from './client.ts';
import { attempt, failureOf } from './errors.ts';
import { pause, pollMilliseconds } from '../pause.ts';

export interface ClusterIdentity {
  clusterUuid: string;
  /** The lowest version among the nodes. */
  version: string;
  nodes: { name: string; version: string }[];
}

/**
 * Waits until the cluster is at least yellow (a single node with replicas configured never turns green) and so many
 * nodes have joined it. A refused connection is waited out. Throws `ElasticsearchUnreachable` when the time is up.
 */
export async function awaitUsable(
  client: Client,
  limit: { timeoutSeconds: number; nodes?: number },
  watch: Watch = {},
): Promise<void> {
  const started = performance.now();
  for (;;) {
    const seen = await observeHealth(client, limit.nodes ?? 1);
    if (seen === undefined) return;
    const seconds = Math.round((performance.now() - started) / 1000);
    if (seconds >= limit.timeoutSeconds) {
      throw new Failure('ElasticsearchUnreachable', {
        message: `Elasticsearch was not usable within ${limit.timeoutSeconds} s: ${seen}`,
        remedy: 'Read the log of the Elasticsearch service; raise healthTimeoutSeconds when it is only slow',
      });
    }
    watch.onProgress?.({ done: seconds, total: limit.timeoutSeconds, unit: 'seconds', note: seen });
    await pause(pollMilliseconds, watch.signal);
  }
}

/** What is still wrong; undefined when the cluster is usable. Wrong credentials are thrown: waiting does not help. */
async function observeHealth(client: Client, nodes: number): Promise<string | undefined> {
  try {
    const health = await client.cluster.health({ timeout: '1s' }, { requestTimeout: 5_000 });
    if (health.timed_out) return 'no answer from the master node';
    if (health.number_of_nodes < nodes) return `${health.number_of_nodes} of ${nodes} nodes have joined`;
    return health.status === 'red' ? `status red, ${health.active_primary_shards} primaries active` : undefined;
  } catch (error) {
    const failure = failureOf(error, 'reach Elasticsearch');
    if (failure instanceof Failure && failure.kind === 'ElasticsearchUnreachable') return failure.message;
    throw failure;
  }
}

export async function clusterIdentity(client: Client): Promise<ClusterIdentity> {
  return attempt('identify the cluster', async () => {
    const state = (await client.cluster.state({ metric: 'version' })) as { cluster_uuid: string };
    const info = await client.nodes.info({ filter_path: 'nodes.*.name,nodes.*.version' });
    const nodes = Object.values(info.nodes)
      .map(({ name, version }) => ({ name, version }))
      .toSorted((a, b) => a.name.localeCompare(b.name));
    const versions = nodes
      .map(({ version }) => version)
      .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    return { clusterUuid: state.cluster_uuid, version: versions[0] ?? '', nodes };
  });
}
