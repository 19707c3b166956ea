import type {
  AwsCredentials,
  BucketAccessSettings,
  ElasticsearchAuth,
  TlsSettings,
  TrustSettings,
} from './authentication.ts';
import type { IndexName, SecretReference, ServiceName, StoreName } from './names.ts';
import type { CommandStore, EtcdStore, MysqlStore, PostgresStore, RedisStore, VolumeStore } from './streamed-stores.ts';

export type Store =
  | ElasticsearchStore
  | PostgresStore
  | MysqlStore
  | EtcdStore
  | RedisStore
  | VolumeStore
  | CommandStore
  | ZookeeperQueueStore
  | ContainerStore;
export type StoreKind = Store['kind'];

/** Every service whose containers are servers of the store. */
export function servicesOf(store: Store): ServiceName[] {
  return 'otherServices' in store ? [store.service, ...store.otherServices] : [store.service];
}

/** Whether the platform file says where the store is, so that no container need be looked for. */
export function isGivenAddress({ address, nodes }: Pick<ElasticsearchStore, 'address' | 'nodes'>): boolean {
  return address !== undefined || nodes !== undefined;
}

/** A primary store: backed up by snapshots of its own, restored from them. */
export interface ElasticsearchStore {
  name: StoreName;
  kind: 'elasticsearch';
  service: ServiceName;
  /** Services of the cluster's further nodes. */
  otherServices: ServiceName[];
  port: number;
  scheme: 'http' | 'https';
  /** Host name or address at which the worker reaches the store; absent: found through the Docker network. */
  address?: string;
  /** The same for several nodes, as URLs. */
  nodes?: string[];
  /** Index patterns, resolved with `expand_wildcards: open,closed,hidden` and recorded as exact names. */
  indices: string[];
  repository: RepositorySettings;
  /** Which base of the repository this is, see domain/bases.ts; never in a platform file. Absent: the first. */
  base?: number;
  /** Buckets that may hold the same files: another repository of this cluster, or a copy of this one. Only read. */
  healFrom?: ReadableBucket[];
  /** Keystore entries (for instance `s3.client.default.secret_key`) that every node must hold. */
  secrets: Record<string, SecretReference>;
  username?: string;
  password?: SecretReference;
  /** Absent: username and password, or nothing. */
  auth?: ElasticsearchAuth;
  tls?: TlsSettings;
  bucketAccess?: BucketAccessSettings;
  snapshotTimeoutSeconds: number;
  restoreTimeoutSeconds: number;
  /** Bytes per second, as Elasticsearch writes them; raised for the run and put back after it. */
  restoreThrottle: string;
  /** The repository's `max_snapshot_bytes_per_sec`; absent: as its settings, or Elasticsearch, have it. */
  snapshotThrottle?: string;
  /** Elasticsearch's own indices (users, roles, dashboards), by feature: in the backup and in a restore. */
  featureStates: FeatureStateChoice;
  /** Documents per index whose content is recorded at backup and compared after a restore. */
  samplesPerIndex: number;
}

/** A place in a bucket that Rekindle itself reads, and who asks for it. */
export interface ReadableBucket {
  bucket: string;
  /** Of a repository: its `base_path`. */
  prefix: string;
  endpoint?: string;
  region: string;
  accessKey?: SecretReference;
  secretKey?: SecretReference;
  sessionToken?: SecretReference;
  /** Absent, as are the keys: what the environment gives for AWS. */
  credentials?: AwsCredentials;
  tls?: TrustSettings;
}

export type FeatureStateChoice = 'all' | 'none' | string[];

export interface RepositorySettings {
  name: string;
  type: string;
  settings: Record<string, string>;
}

/** A derived store: kazoo's LockingQueue, rebuilt from the job documents of a primary store. */
export interface ZookeeperQueueStore {
  name: StoreName;
  kind: 'zookeeper-queue';
  service: ServiceName;
  /** Services of the ensemble's further servers. */
  otherServices: ServiceName[];
  port: number;
  /** Instead of the services' containers: `host[:port][,host[:port]…]`. */
  address?: string;
  /** The node below which all paths lie: `/nuvla`. */
  chroot?: string;
  /** `user:password` of ZooKeeper's scheme `digest`. */
  digest?: SecretReference;
  /** Access list of what is created, each `<scheme>:<id>:<permissions>`; `auth::cdrwa` means who created it. */
  acl: string[];
  /** The queue's node, `/job` in Nuvla. */
  path: string;
  entry: EntryFormat;
  from: QueueSource;
  /**
   * A job that ran when the backup was taken: `requeue` executes it again, `leave` touches neither it nor the queue,
   * `fail` writes `failedFields` into its document.
   */
  running: 'requeue' | 'leave' | 'fail';
  failedFields: Record<string, string | number | boolean>;
  /** Priority 0–999 (lower first) of a job that names none anywhere. */
  defaultPriority: number;
}

/** How an entry stands in the queue; the defaults are kazoo's LockingQueue. */
export interface EntryFormat {
  /** The child of the queue's node that holds the entries. */
  folder: string;
  /** The child that holds the locks of consumers, each named as its entry. */
  locks: string;
  /** What stands before the ten digits that ZooKeeper adds; `{priority}` becomes three digits. */
  name: string;
  /** The entry's data: text with `{field}` of the document, and `{_id}`. */
  value: string;
}

/** Which documents stand in the queue, and in which order. */
export interface QueueSource {
  store: StoreName;
  index: IndexName;
  /** Documents whose state is none of these are not read. */
  state: { field: string; waiting: string[]; running: string[] };
  /** By the rule's name: a document that holds one of the values in each of the fields does not stand in the queue. */
  leaveOut: Record<string, Record<string, string[]>>;
  /** The first that gives a whole number from 0 to 999; `pattern` takes it out of a text, as its first group. */
  priority: { field: string; pattern?: string }[];
  /** Fields, the first decides; within one priority. */
  order: string[];
}

/** A derived store that is rebuilt by running a container on the platform's network; exit code 0 is success. */
export interface ContainerStore {
  name: StoreName;
  kind: 'container';
  /** The data service that must be healthy before the container runs; also names the network. */
  service: ServiceName;
  image: string;
  entrypoint?: string[];
  arguments: string[];
  environment: Record<string, SecretReference | string>;
  timeoutSeconds: number;
}
