import type { Client } from '@elastic/elasticsearch';
import type { ElasticsearchStore } from '../../domain/platform.ts';
import type { ExpectedSet } from '../../domain/recovery-points/recovery-point.ts';
import type { CaptureSource } from '../../domain/plans/steps.ts';
import { clusterIdentity, type ClusterIdentity } from '../../systems/elasticsearch/health.ts';
import { missingRepositoryType, readRepository } from '../../systems/elasticsearch/repository/repository.ts';
import { runningWork, type RunningWork } from '../../systems/elasticsearch/running.ts';
import { indicesInSnapshot } from '../../systems/elasticsearch/snapshots/snapshot-status.ts';
import { readSnapshot, snapshotNames, type SnapshotState } from '../../systems/elasticsearch/snapshots/snapshots.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { observe, type Observation } from '../observation.ts';
import { withElasticsearch } from '../stores/with-elasticsearch.ts';
import { onScratchElasticsearch } from './scratch-elasticsearch.ts';

/** What an Elasticsearch reports: the platform's own, or a scratch one in its place. */
export interface ElasticsearchSeen {
  from: 'living' | 'scratch';
  identity: ClusterIdentity;
  /** Nodes without the repository's type. */
  lackingType: Observation<string[]>;
  snapshot: Observation<SnapshotSeen>;
  /** Every snapshot of the repository. */
  names: Observation<string[]>;
  running: Observation<RunningWork>;
}

export interface SnapshotSeen {
  state: SnapshotState;
  indices: string[];
  /** Shards that can be read, by index. */
  shards: Record<string, number>;
}

export interface ElasticsearchObservation {
  /** Whether the platform's own answers, even with a refusal. */
  answers: boolean;
  observation: Observation<ElasticsearchSeen>;
}

/** The kinds that mean: it is dead. That is the normal case of a disaster. */
const dead = ['ElasticsearchUnreachable', 'ServiceNotFound', 'ServiceUnhealthy'];

/** Asks the platform's Elasticsearch; when it is dead, a scratch one, unless the caller wants none. */
export async function observeElasticsearch(
  open: OpenPlatform,
  store: ElasticsearchStore,
  expected: ExpectedSet,
  { scratch, capture, ...watch }: { scratch: 'when dead' | 'never'; capture: CaptureSource } & Watch,
): Promise<ElasticsearchObservation> {
  const living = await observe(() =>
    withElasticsearch(open, store, (client) => ask(client, 'living', store, expected)),
  );
  if (!('failure' in living) || !dead.includes(living.failure.kind)) return { answers: true, observation: living };
  if (scratch === 'never')
    return { answers: false, observation: { unseen: 'Elasticsearch does not answer', omitted: true } };
  const observation = await observe(() =>
    onScratchElasticsearch(open, store, { capture, ...watch }, (client, register) =>
      ask(client, 'scratch', store, expected, register),
    ),
  );
  return { answers: false, observation };
}

async function ask(
  client: Client,
  from: ElasticsearchSeen['from'],
  store: ElasticsearchStore,
  expected: ExpectedSet,
  register?: () => Promise<void>,
): Promise<ElasticsearchSeen> {
  const { name, type } = store.repository;
  const identity = await clusterIdentity(client);
  const lackingType = await observe(() => missingRepositoryType(client, type));
  const open = async <T>(work: () => Promise<T>): Promise<Observation<T>> => {
    if ('seen' in lackingType && lackingType.seen.length > 0) return { unseen: `No node can read the type ${type}` };
    const registered = await observe(async () => {
      await register?.();
      return readRepository(client, name);
    });
    if (!('seen' in registered)) return registered;
    if (registered.seen === undefined)
      return { unseen: `The living Elasticsearch has no repository ${name} registered` };
    return observe(work);
  };
  const snapshot = await open(async (): Promise<SnapshotSeen> => {
    const { state, indices } = await readSnapshot(client, name, expected.snapshot);
    const read = state === 'SUCCESS' ? await indicesInSnapshot(client, name, expected.snapshot) : {};
    const shards = Object.fromEntries(Object.entries(read).map(([index, { shards }]) => [index, shards.done]));
    return { state, indices, shards };
  });
  return {
    from,
    identity,
    lackingType,
    snapshot,
    names: await open(() => snapshotNames(client, name, '*')),
    running:
      from === 'living' ? await observe(() => runningWork(client)) : { unseen: 'A scratch Elasticsearch runs nothing' },
  };
}
