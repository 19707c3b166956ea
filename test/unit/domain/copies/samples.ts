import type { CopySituation } from '../../../../domain/copies/situation.ts';
import { usualWishes, type CopyWishes } from '../../../../domain/copies/wishes.ts';
import { storesOfKind } from '../../../../domain/platform.ts';
import type { ExpectedIndex, ExpectedSet } from '../../../../domain/recovery-points/recovery-point.ts';
import { demoPlatform } from '../../../demo-situation.ts';

export const indexOf = (name: string, more: Partial<ExpectedIndex> = {}): ExpectedIndex => ({
  name,
  state: 'open',
  primaries: 3,
  aliases: [],
  replicas: 1,
  documents: { atLeast: 10, atMost: 10 },
  samples: [],
  ...more,
});

export function expectedSet(indices: ExpectedIndex[], more: Partial<ExpectedSet> = {}): ExpectedSet {
  return {
    version: 1,
    store: 'documents',
    snapshot: 'snapshot.2026-11-21t1000z',
    repository: 'backups',
    elasticsearchVersion: '8.19.3',
    startedAt: '2026-11-21T10:00:00Z',
    finishedAt: '2026-11-21T10:01:00Z',
    shards: 9,
    totalBytes: 1e9,
    incrementalBytes: 1e9,
    indices,
    ...more,
  };
}

/** Staging gets what production has; nothing is on staging yet. */
export function copySituation({
  indices = [indexOf('nuvla-job'), indexOf('nuvla-user'), indexOf('.kibana_1')],
  wishes = {},
  seen = {},
  ...more
}: Partial<Omit<CopySituation, 'wishes' | 'seen'>> & {
  indices?: ExpectedIndex[];
  wishes?: Partial<CopyWishes>;
  seen?: Partial<CopySituation['seen']>;
} = {}): CopySituation {
  const platform = demoPlatform('staging');
  const [store] = storesOfKind(platform, 'elasticsearch');
  if (store === undefined) throw new Error('The demo platform has no Elasticsearch');
  return {
    platform,
    platformFileHash: 'f',
    host: 'machine',
    store,
    from: { platform: 'production', fileHash: 'p', store: 'documents', repository: store.repository },
    recoveryPoint: { id: '2026-11-21t1000z', startedAt: '2026-11-21T10:00:00Z' },
    expected: expectedSet(indices),
    wishes: { ...usualWishes, ...wishes },
    seen: {
      version: '8.19.3',
      clusterUuid: 'destination',
      indices: {},
      aliases: {},
      dataStreams: [],
      shards: { open: 10, most: 1000 },
      freeBytes: 100e9,
      dataNodes: 1,
      ...seen,
    },
    created: Object.fromEntries(indices.map(({ name }) => [name, 8])),
    ...more,
  };
}
