import type {
  VolumeTreatment,
  HostName,
  NetworkName,
  ServiceName,
  SnapshotName,
  StoreName,
  VolumeName,
} from '../platform.ts';
import type { NamedOnHost } from '../engine-inventory.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';
import type { BackupReason } from '../runs/started-by.ts';
import type { CopyStepArguments } from '../copies/steps.ts';

/**
 * A container by its exact name, with the restart policy that it must have again when it starts; or a Swarm service
 * (`domain/swarm.ts`).
 */
export interface ContainerReference {
  name: string;
  restartPolicy: RestartPolicy;
  /** Of a replicated Swarm service: as many it must have again. */
  replicas?: number;
  /** It does its work and ends: exit code 0 is what its start waits for. */
  oneShot?: true;
}

/** By container: changes with each restart. */
export type ContainerStarts = Record<string, string>;

/** Whose capture creates what is missing: a recovery point's, or the one that this run took before its first stop. */
export type CaptureSource = RecoveryPointId;
/** Stands for the latter; no recovery point has this id. */
export const beforeRun: CaptureSource = 'before';

export interface RestartPolicy {
  name: 'no' | 'always' | 'unless-stopped' | 'on-failure';
  maximumRetryCount: number;
}

/** How much a scrub reads: a share, so that all is read in turn; everything; or what one recovery point refers to. */
export type ScrubExtent = 'share' | 'all' | { point: RecoveryPointId };

/** By host, next to the platform's own: an image of a data service there, which moves volumes. */
export type ImagesElsewhere = Record<HostName, string>;

/** Of a restore beside the platform: nothing is in its scene yet, or all of it. */
export type SceneIs = 'to be filled' | 'filled';

/** When a restore looks again that nobody else uses the data. */
export type FencedMoment = 'data moves' | 'indices are restored' | 'core starts';

/** The only place that lists what Rekindle can do to a platform: action → its arguments. Names only, never secrets. */
export interface StepArguments extends CopyStepArguments {
  // Before anything is touched
  /** A drill that runs is ended, but for `promotes`. */
  pauseSchedules: { note: string; promotes?: string };
  /** `running`: before the first stop, with the plan's hash. `stopped`: right before the point of no return. */
  repeatPreflight: {
    recoveryPoint: RecoveryPointId;
    volumes: VolumeTreatment;
    platformIs: 'running' | 'stopped';
    /** What each Elasticsearch said at the first preflight: once it is stopped, nobody can be asked. */
    versions: Record<StoreName, string>;
    /** Of a restore beside the platform: whether its scene still needs memory and disk, or has them. */
    beside?: SceneIs;
    /** The drill whose scene it swaps in. */
    promotes?: string;
  };
  /**
   * Keeps what is there now, encrypted, so that undo and rollback can create it again: in the catalogue, and with an image
   * also where data will be set aside on the host.
   */
  recordDeployment: { image?: string; images?: ImagesElsewhere };
  /** Undoes it, once all else is undone: with nothing set aside, nobody would ever remove it. */
  forgetDeployment: { image?: string; images?: ImagesElsewhere };
  // Services, volumes, networks
  /** `gently`: what had to be killed fails the step, since its data is used as it is. */
  stopService: { service: ServiceName; containers: ContainerReference[]; graceSeconds: number; gently?: true };
  removeContainers: { service: ServiceName; containers: string[] };
  /**
   * Keeps everybody out while data moves: stops what runs of `containers` again, and fails when any other container than
   * `allowed` runs on the networks, or in the network namespace of one of the containers.
   */
  fence: {
    before: FencedMoment;
    containers: string[];
    allowed: string[];
    networks: NetworkName[];
    graceSeconds: number;
    /** Of a swarm's node, whose tasks are judged on the manager: only containers without a service are looked at. */
    node?: true;
  };
  /** Here and below a folder that is bind-mounted stands by its absolute path for a volume. */
  quarantineVolume: { volume: VolumeName; host: HostName; image: string };
  /** Brings a quarantined volume's data back to where its service looks for it. */
  returnVolume: { volume: VolumeName; host: HostName; image: string };
  /** Brings the data of the scene's volume `from` to where its service looks for it, once the quarantine has emptied that place. */
  adoptVolume: { volume: VolumeName; from: VolumeName; host: HostName; image: string };
  /** A folder is emptied. */
  removeVolume: { volume: VolumeName; host: HostName; image: string };
  createNetwork: { network: NetworkName; capture: CaptureSource };
  createVolume: { volume: VolumeName; host: HostName; capture: CaptureSource };
  startService: {
    service: ServiceName;
    containers: ContainerReference[];
    /** Whose capture creates the containers that are missing; absent: they are all there. */
    capture?: CaptureSource;
    /** This container's node makes a new cluster: it is named so until `endBootstrap`. */
    bootstrap?: { container: string; nodeName: string };
    healthTimeoutSeconds: number;
    settleSeconds: number;
    /** Undoes a stop with this grace, which the engine may still be carrying out: its end is waited for first. */
    stopGraceSeconds?: number;
  };
  // Elasticsearch
  /** `nodes`: so many must have joined the cluster. */
  awaitStore: { store: StoreName; timeoutSeconds: number; nodes?: number };
  /** The cluster has formed: takes out what made it, which would make another one after the loss of a node. */
  endBootstrap: { service: ServiceName; container: string };
  configureRepository: {
    store: StoreName;
    access: 'readonly' | 'writable';
    /** Forgets the registration first: a cluster that comes back remembers an older generation of the repository. */
    anew?: true;
  };
  verifySnapshot: { store: StoreName; recoveryPoint: RecoveryPointId };
  raiseThrottles: { store: StoreName; bytesPerSecond: string };
  resetThrottles: { store: StoreName };
  restoreIndices: {
    store: StoreName;
    snapshot: SnapshotName;
    /** Which indices stands in the point's expected set, with this SHA-256: a plan does not grow with their number. */
    recoveryPoint: RecoveryPointId;
    expectedSet: string;
    indices: number;
    globalState: boolean;
    /** Names of the features whose own indices are replaced by those of the snapshot. */
    featureStates: string[];
  };
  verifyIndices: { store: StoreName; recoveryPoint: RecoveryPointId; nodes: number };
  /**
   * Whether the repository may be written: the store answers, and nobody else made it read-only. Before a snapshot also
   * whether the store is not red and no other snapshot runs. Registers the repository. `base`: a later one of it than the run
   * uses, as everywhere here.
   */
  prepareStore: { store: StoreName; base?: number; snapshot?: SnapshotName; timeoutSeconds: number };
  takeSnapshot: { store: StoreName; snapshot: SnapshotName; recoveryPoint: RecoveryPointId };
  /** Checks the snapshot that was just taken: nodes, indices, shards, and a sample of its files in the bucket. */
  verifyBackup: { store: StoreName; snapshot: SnapshotName; recoveryPoint: RecoveryPointId };
  /** Aborts or removes what this run's takeSnapshot began, and nothing else. */
  discardSnapshot: { store: StoreName; snapshot: SnapshotName };
  // Stores whose backups are streams
  /** A command of `backup.hooks` in each running container of its service. */
  runHook: { hook: string; service: ServiceName; when: 'before' | 'after'; timeoutSeconds: number };
  /** Whether it can be backed up: before any backup begins, so that those of all stores are of one moment. */
  checkStore: { store: StoreName };
  /** Dumps the store into the recovery point. Begun again, it begins anew: a dump is of one moment. */
  backUpStore: { store: StoreName; recoveryPoint: RecoveryPointId };
  /** Removes what this run's backUpStore has written of a point that is not published. */
  discardParts: { store: StoreName; recoveryPoint: RecoveryPointId };
  /** Reads every part to its end, decrypts it and compares both checksums. */
  verifyParts: { store: StoreName; recoveryPoint: RecoveryPointId };
  /** `expectedSet`: SHA-256 of it, so that the plan's hash covers what is restored. */
  restoreParts: { store: StoreName; recoveryPoint: RecoveryPointId; expectedSet: string };
  compareStore: { store: StoreName; recoveryPoint: RecoveryPointId };
  /** Brings back what the run's restoreParts set aside in the store. */
  putBackParts: { store: StoreName; recoveryPoint: RecoveryPointId };
  /** Removes it for good. */
  releaseParts: { store: StoreName; recoveryPoint: RecoveryPointId };
  // Derived stores
  /** Marks jobs that ran at the time of the backup as failed. */
  failRunningJobs: { store: StoreName };
  /** `removeExtra`: also what stands for no job, unless a consumer holds it. */
  rebuildQueue: { store: StoreName; removeExtra?: true };
  /** `exactOrder`: false on a living queue, where producers and consumers go on. */
  verifyQueue: { store: StoreName; exactOrder: boolean };
  runContainer: { store: StoreName };
  // The recovery point
  captureDeployment: { recoveryPoint: RecoveryPointId };
  /**
   * `claimed`: the run's claim to the id must still exist; absent in plans of older versions, which claimed none.
   * `restored`: the point that the run which takes this backup has restored, in place of the newest good one.
   */
  publishRecoveryPoint: {
    recoveryPoint: RecoveryPointId;
    claimed?: true;
    restored?: RecoveryPointId;
    reason?: BackupReason;
  };
  /** Clears away what dead backups left: objects, claims, snapshots. A failure to do so is reported and fails nothing. */
  clearUnfinished: { recoveryPoint: RecoveryPointId };
  // Retention
  /** Marks points as being deleted. What is pinned or kept by now is left out. */
  markDeleting: { recoveryPoints: RecoveryPointId[] };
  /** Of recovery points that are marked; by recovery point. */
  deleteSnapshots: { store: StoreName; base?: number; snapshots: Record<RecoveryPointId, SnapshotName> };
  /** Their objects in the catalogue, the marker last. */
  removePoints: { recoveryPoints: RecoveryPointId[] };
  /** What runs kept in the catalogue for a way back that is gone. */
  removeRunObjects: { runs: string[] };
  // Scrubbing
  /**
   * Reads files of the store's repository from its bucket and compares them with their checksums; marks points that refer to
   * damaged ones. `since`: when the run began; what was read since then is not read again. ISO 8601, UTC.
   */
  scrubStore: { store: StoreName; scope: ScrubExtent; since: string; timeoutSeconds: number };
  /**
   * The same of a store's parts in the recovery points, which lie in the catalogue. A share: points whose parts were not read for
   * `backup.scrubDays`.
   */
  scrubParts: { store: StoreName; scope: ScrubExtent; since: string; timeoutSeconds: number };
  // Drills: a restore into a scene of its own (`domain/drills/scene.ts`), which the run's calls carry
  /** Removes what drills left whose run is over: by their labels, and nothing else. */
  removeDrillLeftovers: Record<string, never>;
  /** Keeps what is on the engine, of whomever, for `proveUntouched`. */
  recordEngine: Record<string, never>;
  /** Makes the scene's network, which nothing leaves, and the ways by which these stores reach their repositories. */
  openScene: { stores: StoreName[]; capture: CaptureSource };
  /** The store in the scene forgets the repository under the name that it has there: its data is about to serve in place. */
  leaveScene: { store: StoreName };
  /** Waits so long for a restore that promotes what the scene holds; its servers have stopped. */
  keepScene: { recoveryPoint: RecoveryPointId; hours: number };
  /** Removes all that bears the run's label. */
  closeScene: Record<string, never>;
  /** Whether the engine is as it was: nothing of the drill is left, and what differs is named. */
  proveUntouched: Record<string, never>;
  // The end
  /** Whether all that the run started has run ever since: a restart after the settle time is noticed here. */
  confirmHealth: { healthTimeoutSeconds: number };
  /** Of a platform on several hosts: that on no engine anything changed but what the plan names, by host. */
  compareEngines: { named: Record<HostName, NamedOnHost> };
  smokeCheck: Record<string, never>;
  resumeSchedules: Record<string, never>;
  takeBackup: { restored: RecoveryPointId };
}
