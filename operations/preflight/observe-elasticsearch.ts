import type { Client } from '@elastic/elasticsearch';
import type { ElasticsearchStore, IndexName } from '../../domain/platform.ts';
import type { ExpectedSet } from '../../domain/recovery-points/recovery-point.ts';
import type { CaptureSource } from '../../domain/plans/step-arguments.ts';
import { installedFeatures } from '../../systems/elasticsearch/features.ts';
import { clusterIdentity, type ClusterIdentity } from '../../systems/elasticsearch/health.ts';
import { matchesOf, resolveIndices, type PatternMatch } from '../../systems/elasticsearch/indices.ts';
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
  /** The features that it has. */
  features: Observation<string[]>;
  /** Why the living one cannot read the repository, where the restore gives it what it lacks. */
  lacks?: string;
  /** What the platform file's patterns mean on the living cluster, and what it has. */
  patterns: Observation<{ matches: PatternMatch[]; present: IndexName[] }>;
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

interface HowToAsk extends Watch {
  scratch: 'when dead' | 'never';
  capture: CaptureSource;
  /** Whether the snapshot was found in its bucket, without Elasticsearch. */
  foundInBucket: () => Promise<boolean>;
}

/**
 * Asks the platform's Elasticsearch; when it is dead, or lacks what the restore gives it, a scratch one, unless the caller
 * wants none.
 */
export async function observeElasticsearch(
  open: OpenPlatform,
  store: ElasticsearchStore,
  expected: ExpectedSet,
  { scratch, capture, foundInBucket, ...watch }: HowToAsk,
): Promise<ElasticsearchObservation> {
  const onScratch = () =>
    observe(() =>
      onScratchElasticsearch(open, store, { capture, ...watch }, (client, register) =>
        ask(client, 'scratch', store, expected, register),
      ),
    );
  const living = await observe(() =>
    withElasticsearch(open, store, (client) => ask(client, 'living', store, expected)),
  );
  if ('failure' in living && dead.includes(living.failure.kind)) {
    // Of an engine that is reached from another machine a scratch one could not be asked: the bucket has to do.
    if (scratch === 'never' || (open.docker.remote === true && (await foundInBucket())))
      return { answers: false, observation: { unseen: 'Elasticsearch does not answer', omitted: true } };
    return { answers: false, observation: await onScratch() };
  }
  const lacks = 'seen' in living ? whatItLacks(store, living.seen) : undefined;
  if (!('seen' in living) || lacks === undefined) return { answers: true, observation: living };
  const inBucket = await foundInBucket();
  if (scratch === 'never' || inBucket) {
    const omitted = { unseen: lacks, omitted: true } as const;
    return { answers: true, observation: { seen: { ...living.seen, snapshot: omitted, names: omitted, lacks } } };
  }
  const instead = await onScratch();
  const { snapshot, names } = 'seen' in instead ? instead.seen : { snapshot: instead, names: instead };
  return { answers: true, observation: { seen: { ...living.seen, snapshot, names, lacks } } };
}

/**
 * Secrets that the platform file names are given to every node by the restore, and it registers the repository: what is
 * missing of both is no reason to refuse.
 */
function whatItLacks(store: ElasticsearchStore, { snapshot }: ElasticsearchSeen): string | undefined {
  if (Object.keys(store.secrets).length === 0) return undefined;
  if ('unseen' in snapshot && snapshot.unseen === notRegistered(store)) return snapshot.unseen;
  return 'failure' in snapshot && snapshot.failure.kind === 'WrongCredentials' ? snapshot.failure.message : undefined;
}

const notRegistered = ({ repository: { name } }: ElasticsearchStore) =>
  `The living Elasticsearch has no repository ${name} registered`;

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
    if (registered.seen === undefined) return { unseen: notRegistered(store) };
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
    features: await observe(() => installedFeatures(client)),
    running:
      from === 'living' ? await observe(() => runningWork(client)) : { unseen: 'A scratch Elasticsearch runs nothing' },
    patterns:
      from === 'living'
        ? await observe(async () => ({
            matches: await matchesOf(client, store.indices),
            present: await resolveIndices(client, ['*']),
          }))
        : { unseen: 'A scratch Elasticsearch has no indices' },
  };
}
