import type { Platform, Store, StoreKind } from './platform.ts';

/** What each part of the product must know of a kind of store; the compiler names the row that a new kind forgot. */
interface StoreKindRow {
  /**
   * `snapshots`: in a repository of its own. `streams`: as parts of the recovery point. `source`: not at all, since it is rebuilt
   * from a primary store.
   */
  backsUpBy: 'snapshots' | 'streams' | 'source';
  /** For people, in lists of what a platform has. */
  title: string;
  /** Whether a restore next to the platform, and the promotion of a drill, can restore it. */
  beside: boolean;
  /** Whether `restore --script` can write what restores it. */
  scripted: boolean;
  /** Whether its driver stops and starts the containers to restore it. */
  restarts?: true;
}

export const storeKinds: { [K in StoreKind]: StoreKindRow } = {
  elasticsearch: { backsUpBy: 'snapshots', title: 'Elasticsearch', beside: true, scripted: true },
  postgres: { backsUpBy: 'streams', title: 'PostgreSQL', beside: false, scripted: true },
  mysql: { backsUpBy: 'streams', title: 'MySQL', beside: false, scripted: false },
  etcd: { backsUpBy: 'streams', title: 'etcd', beside: false, scripted: false, restarts: true },
  redis: { backsUpBy: 'streams', title: 'Redis', beside: false, scripted: false, restarts: true },
  volume: { backsUpBy: 'streams', title: 'volume', beside: false, scripted: false, restarts: true },
  command: { backsUpBy: 'streams', title: 'commands', beside: false, scripted: false },
  'zookeeper-queue': { backsUpBy: 'source', title: 'ZooKeeper queue', beside: true, scripted: true },
  container: { backsUpBy: 'source', title: 'container', beside: true, scripted: true },
};

type KindsBackedUpBy<B extends StoreKindRow['backsUpBy']> = {
  snapshots: 'elasticsearch';
  streams: 'postgres' | 'mysql' | 'etcd' | 'redis' | 'volume' | 'command';
  source: 'zookeeper-queue' | 'container';
}[B];
export type StreamedStoreKind = KindsBackedUpBy<'streams'>;
export type StreamedStore = Extract<Store, { kind: StreamedStoreKind }>;
export type DerivedStore = Extract<Store, { kind: KindsBackedUpBy<'source'> }>;

/** Whether its backups are parts of the recovery point. */
export const isStreamed = (store: Store): store is StreamedStore => storeKinds[store.kind].backsUpBy === 'streams';

/** Primary stores whose backups are parts of the recovery point. */
export function streamedStores({ stores }: Pick<Platform, 'stores'>): StreamedStore[] {
  return stores.filter(isStreamed);
}

/** Stores that are rebuilt from a primary one. */
export function derivedStores({ stores }: Pick<Platform, 'stores'>): DerivedStore[] {
  return stores.filter((store): store is DerivedStore => storeKinds[store.kind].backsUpBy === 'source');
}

/** Names of the stores that some part of the product cannot work on yet; empty: it can. */
export function storesWithout({ stores }: Pick<Platform, 'stores'>, part: 'beside' | 'scripted'): string[] {
  return stores.filter(({ kind }) => !storeKinds[kind][part]).map(({ name }) => name);
}
