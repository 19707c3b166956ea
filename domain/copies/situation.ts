import type { Check } from '../checks.ts';
import type { ObservedContainer } from '../deployment.ts';
import type { ElasticsearchStore, HostName, IndexName, Platform, PlatformName, StoreName } from '../platform.ts';
import type { ExpectedSet, RecoveryPointId } from '../recovery-points/recovery-point.ts';
import type { CopyWishes } from './wishes.ts';

/** What stands on the destination now, as far as a copy may meet it. */
export interface DestinationSeen {
  version: string;
  clusterUuid: string;
  indices: Record<IndexName, { uuid: string; state: 'open' | 'closed'; dataStream?: string }>;
  /** By alias, the indices that it means. */
  aliases: Record<string, IndexName[]>;
  dataStreams: string[];
  /** Shards that are open, and how many may be; absent: not known. */
  shards?: { open: number; most: number };
  /** Bytes that are free on the disks of all data nodes, less what Elasticsearch keeps free; absent: not known. */
  freeBytes?: number;
  dataNodes: number;
  /** `cluster.routing.allocation.enable`, where it is not `all`: which shards the cluster places at all. */
  allocation?: string;
}

/** All that the planner of a copy goes by. */
export interface CopySituation {
  /** The destination. */
  platform: Platform;
  platformFileHash: string;
  host: HostName;
  store: ElasticsearchStore;
  /** Where from: another platform, or the same, whose own indices come back. */
  from: { platform: PlatformName; fileHash: string; store: StoreName; repository: ElasticsearchStore['repository'] };
  recoveryPoint: { id: RecoveryPointId; startedAt: string; adopted?: true };
  expected: ExpectedSet;
  wishes: CopyWishes;
  seen: DestinationSeen;
  /** By index, the major version that it was created with; absent: not known. */
  created?: Record<IndexName, number>;
  /** The destination's containers; absent where no service is stopped. */
  containers?: ObservedContainer[];
}

/** What a plan can be made of, with what speaks against it. */
export interface Judged<T> {
  value: T;
  checks: Check[];
}
