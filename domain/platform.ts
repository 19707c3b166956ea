/** A platform as its file describes it: names and references only, never a secret's value. */
export interface Platform {
  platform: PlatformName;
  deployment: Deployment;
  stores: Store[];
  catalogue: CatalogueLocation;
  backup: BackupPolicy;
  objectives: Objectives;
  notifications: Notification[];
  metrics: { statsd?: StatsdTarget };
  restore: RestorePolicy;
  /** HTTP requests that must succeed before a run may call the platform healthy. */
  smoke: SmokeCheck[];
}

export type PlatformName = string;
/** The Compose service's name, as in the Compose file. */
export type ServiceName = string;
export type StoreName = string;
export type HostName = string;
export type VolumeName = string;
export type NetworkName = string;
export type SnapshotName = string;
export type IndexName = string;

export interface Deployment {
  kind: 'compose';
  /** The Compose project's name: with the service's name it finds the containers, by Compose's own labels. */
  project: string;
  /** The machine whose Docker engine carries the platform; absent: the host of the worker that takes the run. */
  host?: HostName;
  /** Services that hold data, stopped last and started first. */
  data: ServiceName[];
  /** Services that use the data, in the order they start; they stop in reverse. Distributors come last. */
  core: ServiceName[];
  /** Other clients of the data services: stopped and started with the core, before it and after it. */
  alsoStop: ServiceName[];
  stopGraceSeconds: number;
  /** How long a service may take to be healthy. */
  healthTimeoutSeconds: number;
  /** Without a health check: how long a container must run without a restart to count as healthy. */
  settleSeconds: number;
}

export type SecretReference = { file: string } | { env: string };

export type Store = ElasticsearchStore | ZookeeperQueueStore | ContainerStore;
export type StoreKind = Store['kind'];

/** A primary store: backed up by snapshots of its own, restored from them. */
export interface ElasticsearchStore {
  name: StoreName;
  kind: 'elasticsearch';
  service: ServiceName;
  port: number;
  scheme: 'http' | 'https';
  /** Host name or address at which the worker reaches the store; absent: found through the Docker network. */
  address?: string;
  /** Index patterns, resolved with `expand_wildcards: open,closed,hidden` and recorded as exact names. */
  indices: string[];
  repository: RepositorySettings;
  /** Keystore entries (for instance `s3.client.default.secret_key`) that every node must hold. */
  secrets: Record<string, SecretReference>;
  username?: string;
  password?: SecretReference;
  snapshotTimeoutSeconds: number;
  restoreTimeoutSeconds: number;
  /** Bytes per second, as Elasticsearch writes them; raised for the run and put back after it. */
  restoreThrottle: string;
  /** The repository's `max_snapshot_bytes_per_sec`; absent: as its settings, or Elasticsearch, have it. */
  snapshotThrottle?: string;
  /** Documents per index whose content is recorded at backup and compared after a restore. */
  samplesPerIndex: number;
}

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

export type CatalogueLocation =
  | { kind: 'directory'; path: string }
  | {
      kind: 's3';
      bucket: string;
      prefix: string;
      endpoint?: string;
      region: string;
      accessKey: SecretReference;
      secretKey: SecretReference;
    };

export interface BackupPolicy {
  /** A line is appended here after each successful backup. */
  logFile?: string;
  /** Holds the time of the last successful backup, nothing else. */
  timestampFile?: string;
  /** Absent: backups are taken by hand only. */
  schedule?: Timing;
  /** Absent: no recovery point is ever removed. */
  retention?: RetentionPolicy;
  pruneSchedule?: Timing;
  /** Files of a new snapshot that are looked up in the repository's bucket. */
  sampledFiles: number;
  /** A dead man's switch: asked after each good backup. */
  heartbeatUrl?: string | SecretReference;
}

/** When something is started again and again. */
export type Timing = ({ cron: string } | { everySeconds: number; offsetSeconds: number }) & {
  /** IANA name. */
  timeZone: string;
  jitterSeconds: number;
  /** A start that was missed is made up for when it is not older than this. */
  catchUpSeconds: number;
};

/** How many recovery points of each tier are kept. */
export interface RetentionPolicy {
  hourly: number;
  daily: number;
  weekly: number;
  monthly: number;
  yearly: number;
  /** So many of the newest are kept whatever their age. */
  minimumCount: number;
  /** Older ones go, unless another rule protects them. */
  maximumAgeDays?: number;
}

export interface Objectives {
  recoveryPointMinutes?: number;
  recoveryTimeMinutes?: number;
}

export type NotificationEvent = 'failure' | 'recovery' | 'stale' | 'waiting';

/** A webhook, and what it is told. */
export interface Notification {
  url: string | SecretReference;
  events: NotificationEvent[];
  headers: Record<string, string | SecretReference>;
}

export interface StatsdTarget {
  host: string;
  port: number;
  prefix: string;
  /** `dogstatsd` has tags and events as well. */
  dialect: 'statsd' | 'dogstatsd';
  tags: Record<string, string>;
}

export interface RestorePolicy {
  approval: 'required' | 'none';
  /** Who may approve; empty: anybody who may talk to Temporal. */
  approvers: string[];
  /** How many different persons must approve. */
  approvalsNeeded: number;
  approvalTimeoutSeconds: number;
  volumes: VolumeTreatment;
  /** What happens to a backup that a restore meets. */
  runningBackup: RunningBackup;
  /** A quarantine is released by itself so long after the restore passed; without a pass it stays. */
  quarantineHours: number;
  /** How long a server that went away is waited for before the step fails. */
  outageSeconds: number;
}

export type RunningBackup = 'wait' | 'cancel';

export type VolumeTreatment = 'quarantine' | 'remove';

export interface SmokeCheck {
  service: ServiceName;
  port: number;
  path: string;
  expectStatus: number;
  timeoutSeconds: number;
}

/** Every service the platform file names, in the order they stop. */
export function servicesInStopOrder({ deployment }: Platform): ServiceName[] {
  return [...deployment.alsoStop, ...deployment.core.toReversed(), ...deployment.data.toReversed()];
}

export function storesOfKind<K extends StoreKind>(platform: Platform, kind: K): Extract<Store, { kind: K }>[] {
  return platform.stores.filter((store): store is Extract<Store, { kind: K }> => store.kind === kind);
}
