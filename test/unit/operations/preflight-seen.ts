import type { BucketSeen } from '../../../operations/repository/observe-bucket.ts';
import type { ElasticsearchSeen } from '../../../operations/preflight/observe-elasticsearch.ts';
import type { StoreSeen } from '../../../operations/preflight/observe-store.ts';
import { storesOfKind } from '../../../domain/platform.ts';
import type { ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import { demoPlatform } from '../../demo-situation.ts';

export const own = 'own-cluster';
const snapshot = 'snapshot.2026-11-21t0930z';

export function expectedSet(): ExpectedSet {
  const index = { primaries: 2, documents: { atLeast: 5, atMost: 5 }, samples: [] };
  return {
    version: 1,
    store: 'documents',
    snapshot,
    repository: 's3_backup',
    clusterUuid: own,
    elasticsearchVersion: '8.19.0',
    startedAt: '2026-11-21T09:30:12.000Z',
    finishedAt: '2026-11-21T09:30:20.000Z',
    shards: 4,
    totalBytes: 1,
    incrementalBytes: 1,
    indices: [
      { name: 'nuvla-job', state: 'open', aliases: ['jobs'], ...index },
      { name: 'nuvla-old', state: 'closed', aliases: [], ...index },
    ],
    globalState: { indexTemplates: [], ingestPipelines: [] },
  };
}

export function bucketSeen(change: Partial<BucketSeen> = {}): BucketSeen {
  return {
    where: 'bucket snapshots',
    writer: own,
    snapshots: [{ name: snapshot, state: 'SUCCESS' }],
    content: { faults: [], seen: '4 shards' },
    ...change,
  };
}

export function elasticsearchSeen(change: Partial<ElasticsearchSeen> = {}): ElasticsearchSeen {
  return {
    from: 'living',
    identity: { clusterUuid: own, version: '8.19.0', nodes: [{ name: 'n1', version: '8.19.0' }] },
    lackingType: { seen: [] },
    snapshot: {
      seen: { state: 'SUCCESS', indices: ['nuvla-job', 'nuvla-old'], shards: { 'nuvla-job': 2, 'nuvla-old': 2 } },
    },
    names: { seen: [snapshot] },
    running: { seen: { snapshots: [], restores: [] } },
    features: { seen: ['kibana', 'security', 'tasks'] },
    patterns: {
      seen: { matches: [{ pattern: 'nuvla-*', indices: ['nuvla-job'], aliases: [] }], present: ['nuvla-job'] },
    },
    ...change,
  };
}

/** A store of which all is as it should be, but for what a test changes. */
export function storeSeen(change: Partial<StoreSeen> = {}): StoreSeen {
  const [store] = storesOfKind(demoPlatform(), 'elasticsearch');
  if (!store) throw new Error('the demo has no Elasticsearch');
  return {
    store,
    expected: expectedSet(),
    bucket: { seen: bucketSeen() },
    elasticsearch: { seen: elasticsearchSeen() },
    living: { answers: true, runs: true },
    imageVersion: { seen: '8.19.0' },
    user: { seen: undefined },
    versionBefore: undefined,
    createdFromPoint: false,
    nodes: { containers: 1, captured: 1, atBackup: 1, awaited: 1 },
    known: { seen: { snapshots: new Set([snapshot]), clusters: new Set([own]) } },
    ...change,
  };
}
