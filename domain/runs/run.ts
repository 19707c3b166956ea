import type { Bases } from '../bases.ts';
import type { Scene } from '../drills/scene.ts';
import type { Announces } from '../notifications/announcement.ts';
import type {
  Deployment,
  HostName,
  PlatformName,
  RunningBackup,
  StoreName,
  VolumeName,
  VolumeTreatment,
} from '../platform.ts';
import type { MissingStore } from '../recovery-points/missing-stores.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';
import type { Action } from '../plans/steps.ts';
import type { ContainerStarts, ImagesElsewhere, StepArguments } from '../plans/step-arguments.ts';
import type { SwarmPlaces } from '../swarm-places.ts';
import type { VolumesElsewhere } from './volumes-by-host.ts';
import type { CopyWishes } from '../copies/wishes.ts';
import type { StartedBy } from './started-by.ts';

/** Inputs of the workflows: names only. A person may start each from the Temporal UI with the platform alone. */
export interface RunInput {
  platform: PlatformName;
  /** Absent: the schedule that Temporal names, or someone in the Temporal UI. */
  startedBy?: StartedBy;
}

export interface RestoreInput extends RunInput {
  /** `latest` (default), `proven`, or a recovery point's id. */
  point?: RecoveryPointId;
  /** ISO 8601: the newest recovery point before this time. */
  before?: string;
  volumes?: VolumeTreatment;
  /** Restored and verified next to the platform, which serves until the swap at the end; absent: in place. */
  beside?: boolean;
  /** A drill (`drill/…`) that keeps its scene: what it has restored and verified is swapped in. Its recovery point goes with it. */
  promote?: string;
  /** Whether a backup that runs is waited for (default, or as the platform file says) or cancelled. */
  runningBackup?: RunningBackup;
  /** Approval by the caller, recorded as such (`--yes`). */
  approvedBy?: string;
  /** Of a fleet's wave: this very plan was approved. Any other waits for an approval of its own, whatever the platform file says. */
  approvedPlan?: { hash: string; by: string };
}

/** Of the workflow `check`: what a restore of it would meet; or with `rollback`, a restore's id: the plan of its rollback. */
export type CheckInput = RunInput &
  Pick<RestoreInput, 'point' | 'before' | 'volumes' | 'beside' | 'promote'> & { rollback?: string };

export interface BackupInput extends RunInput {
  /** The run that holds the lock and takes this backup as its last step. */
  within?: string;
  /** The recovery point that this run has restored. */
  restored?: RecoveryPointId;
  /** `false`: the run that waits for this backup starts the scrub of it, when it has ended itself. */
  scrubs?: false;
}

export interface RebuildInput extends RunInput {
  store?: string;
  /** Also removes entries that stand for no job, and further entries of one, unless a consumer holds them. */
  removeExtra?: boolean;
}

export type PruneInput = RunInput;

export interface ScrubInput extends RunInput {
  /** Only what this recovery point refers to: an id, `latest` or `proven`. */
  point?: RecoveryPointId;
  /** `all` (default), or the share that is due, as after a backup. */
  extent?: 'all' | 'share';
}

/** Of the workflow `copy`; `platform` is the destination. What is absent is as `usualWishes` has it. */
export interface CopyInput extends RunInput, Partial<CopyWishes> {
  /** Another platform, or the same: then its own indices come back. */
  from: PlatformName;
  /** Of the source; default: its only one. */
  fromStore?: StoreName;
  /** Of the destination; default: the one of that name, or its only one. */
  store?: StoreName;
  point?: RecoveryPointId;
  before?: string;
  /** The source is backed up first, and that point is copied. */
  newBackup?: boolean;
  approvedBy?: string;
}

export interface DrillInput extends RunInput {
  /** `latest`, `proven`, or a recovery point's id; default: the one whose proof by parts is under way, else `latest`. */
  point?: RecoveryPointId;
  /** Names and patterns, a leading - excludes; default: all, or as many as the limits allow, in turns. */
  indices?: string[];
  /** What it has restored is kept so many hours, stopped: a restore can promote it. Absent: it is taken down at once. */
  keepHours?: number;
}

/** What a restore tells the drill that it promotes: it begins, or it has what it wanted of the scene, or has let go of it. */
export interface Promotion {
  run: string;
  state: 'begun' | 'swapped' | 'over';
}

/** Of the workflow that stands for a quarantine: `quarantine/<run>`. */
export interface QuarantineInput extends RunInput {
  /** The restore that set the data aside, and which execution under that id. */
  run: string;
  execution: string;
  /** The image that its volumes were moved with: by now no service may be left that names one. */
  image?: string | undefined;
  /** The same of other hosts. */
  images?: ImagesElsewhere;
}

/** Asks whether a run has moved or removed data; `volumes`: those of its plan. */
export interface MovedInput extends QuarantineInput {
  volumes: VolumeName[];
  /** Those of other hosts; absent: there are none. */
  volumesElsewhere?: VolumesElsewhere;
}

/** What a restore sends to its quarantine when it ends. */
export interface RestoreEnded {
  verdict: 'passed' | 'not passed' | 'rolled back';
  /** ISO 8601, UTC; absent without a pass or a rollback: then it is kept until someone decides. */
  releaseAt?: string;
}

/** What a workflow needs of the platform file; no address and no secret gets into a history. */
export interface RunPolicy {
  host: HostName;
  /** The task queue of that host; see `taskQueueOf` for those of others. */
  taskQueue: string;
  approval: 'required' | 'none';
  approvers: string[];
  approvalsNeeded: number;
  approvalTimeoutSeconds: number;
  /** What people say counts only with the signature of a gateway, which knows who they are. */
  authenticated?: true;
  runningBackup: RunningBackup;
  quarantineHours: number;
  outageSeconds: number;
  limits: Limits;
  /** How long the work on each store may take: its snapshot, and its restore or rebuild. */
  storeLimits: Record<StoreName, StoreLimits>;
  /** Absent: the platform file names no receiver. */
  announces?: Announces;
  /** A backup is followed by a scrub; absent: it is not. */
  scrubs?: true;
  /** When the run has ended, its trace is exported. */
  traced?: true;
}

/** What the work on one host asks of another host's worker: see operations/hosts/questions.ts. */
export interface HostQuestion extends RunInput {
  host: HostName;
  taskQueue: string;
  question: string;
  asked: unknown;
  /** Of a platform on Swarm: where its data services lie, as whoever asks knows it. */
  places?: SwarmPlaces;
  /** See `Plan`. */
  bases?: Bases;
}

export interface StoreLimits {
  snapshotSeconds: number;
  restoreSeconds: number;
}

/** Time limits that a plan's steps carry: those of the platform file when the plan was made. */
export type Limits = Pick<Deployment, 'healthTimeoutSeconds' | 'settleSeconds' | 'stopGraceSeconds'>;

/** One step, as its activity receives it. */
export interface StepCall<A extends Action> {
  platform: PlatformName;
  /** The workflow's id. */
  run: string;
  /** Tells this execution from another under the same id: people who start runs by hand reuse ids. */
  execution: string;
  /** The plan that was approved. */
  planHash?: string;
  /** See `QuarantineInput`. */
  image?: string | undefined;
  images?: ImagesElsewhere;
  /** See `Plan`. */
  places?: SwarmPlaces;
  /** See `Plan`. */
  bases?: Bases;
  /** Of a drill, or of a step of a restore beside: it is carried out there, and never on the platform itself. */
  scene?: Scene;
  /** For `confirmHealth`: what the run has started. */
  starts?: ContainerStarts;
  /** For `publishRecoveryPoint`: the optional stores that the backup goes on without. */
  missing?: MissingStore[];
  arguments: StepArguments[A];
}

/**
 * `exclusive`: whoever changes the platform; `proposal`: what an incident proposed, one for each platform; `scrubbing`:
 * whoever reads its repositories; `copying`: the one copy into it, also while that waits for
 * approval; `drilling`: whoever rehearses it.
 */
export type LockKind = 'exclusive' | 'proposal' | 'scrubbing' | 'copying' | 'drilling';

/** Who holds a lock of the platform. */
export interface LockHolder {
  workflowId: string;
  workflowType: string;
}
