import type { Caller } from '../domain/access.ts';
import type { FailureText } from '../domain/failures.ts';
import type { FleetProgress } from '../domain/fleet/fleet.ts';
import type { FleetSeen } from '../domain/fleet/summary.ts';
import type { IncidentState } from '../domain/incidents/incident.ts';
import type { Plan } from '../domain/plans/plan.ts';
import type { PlatformName, RunningBackup, StoreName, VolumeTreatment } from '../domain/platform.ts';
import type { MarkerNote } from '../domain/recovery-points/catalogue-keys.ts';
import type {
  ExpectedIndex,
  RecoveryPointId,
  RecoveryPointManifest,
  RecoveryPointSummary,
} from '../domain/recovery-points/recovery-point.ts';
import type { PendingStep } from '../domain/runs/pending-step.ts';
import type { QuarantineSeen } from '../domain/runs/quarantine-seen.ts';
import type { PlatformSummary } from '../domain/status/platform-summary.ts';
import type { RunOutcome } from '../domain/runs/outcome.ts';
import type { Choice, QuarantineState, RunProgress } from '../domain/runs/progress.ts';
import type { BackupReason } from '../domain/runs/started-by.ts';
import type { ScheduleSeen, Seen } from '../domain/status/status.ts';

export type { PendingStep } from '../domain/runs/pending-step.ts';
export type { PointBrief } from '../domain/status/platform-summary.ts';

// The documents of the gateway's API: what the page, the command line and scripts read and send. Fields are added, never
// renamed. Times are ISO 8601, UTC.

/** `GET /api/v1/session`: who asks, and what the page needs to know before it shows anything. */
export interface Session {
  /** Absent: not logged in. */
  caller?: Caller;
  /** How people log in here; empty: access control is off, and the caller names themselves. */
  logins: ('token' | 'oidc' | 'proxy')[];
  version: string;
  /** Temporal's own page of our workflows; a run's page is below it, under its encoded id. Absent: not known. */
  temporalUi?: string;
  /** What is wrong with the gateway itself, for whoever is logged in; absent: nothing. */
  warnings?: FailureText[];
}

/** A value, or why it is not known. */
export type Known<T> = Seen<T>;

/** `GET /api/v1/platforms`: one for each platform, in the order of their names. */
export interface PlatformRow extends PlatformSummary {
  /** Those that have not ended. */
  incidents: number;
}

/** `GET /api/v1/platforms/{platform}`. */
export interface PlatformDetails extends PlatformRow {
  host?: string;
  schedules: Known<ScheduleSeen[]>;
  quarantines: Known<{ run: string; phase: string; state?: QuarantineState }[]>;
  openIncidents: Known<IncidentState[]>;
  /** Who may approve a restore, and how many must; `approvers` empty: anybody. */
  approval: { required: boolean; approvers: string[]; needed: number };
}

/** `GET /api/v1/platforms/{platform}/history`: outcomes, newest first. */
export interface HistoryEntry extends RunOutcome {
  /** Of a backup: what it added and what its snapshot refers to. */
  incrementalBytes?: number;
  totalBytes?: number;
  suspect?: true;
}

/** `GET /api/v1/platforms/{platform}/points?limit=&before=&since=`: newest first. */
export interface PointsPage {
  points: RecoveryPointSummary[];
  /** On the first page: ids under which something lies but no manifest, and what was skipped. */
  unfinished?: RecoveryPointId[];
  halfRemoved?: RecoveryPointId[];
  warnings?: string[];
  /** Ask with `before` set to this for older ones; absent: there are none. */
  next?: RecoveryPointId;
}

/** `GET /api/v1/platforms/{platform}/points/{point}`: all of it but the capture, which is encrypted. */
export interface PointDetails {
  summary: RecoveryPointSummary;
  manifest: RecoveryPointManifest;
  /** Every note that was made of it since, oldest first. */
  markers: MarkerNote[];
  /** By store, what a restore must bring back. */
  indices: Record<StoreName, ExpectedIndex[]>;
}

/** `GET /api/v1/quarantines?platform=`: what restores set aside, newest first. */
export type QuarantineRow = QuarantineSeen;

// `POST /api/v1/platforms/{platform}/check` answers with preflight and the plan that a restore would have.
export type { Assessment } from '../domain/runs/assessment.ts';

/** `GET /api/v1/runs/{run}`. */
export interface RunDetails {
  /** What Temporal itself knows. */
  run: RunBrief;
  progress: RunProgress;
  plan?: Plan;
  /** What works right now: bytes, attempts, and why the last attempt failed. */
  pending: PendingStep[];
  /** Set when no worker answers: `progress` is what was known last, or only what Temporal itself knows. */
  silent?: string;
  /** Terminated or timed out: its own phase will never say that it ended. */
  cutOff: boolean;
}

/** `GET /api/v1/runs?platform=&limit=`: newest first. */
export interface RunBrief {
  id: string;
  kind: string;
  platform: PlatformName;
  status: string;
  phase: string;
  verdict: string;
  startedAt: string;
  closedAt?: string;
  /** The run that this one is a part of. */
  partOf?: string;
}

/** `GET /api/v1/fleets`: restores of many platforms that are under way, by name. */
export type FleetRow = FleetSeen;

/** `GET /api/v1/fleets/{fleet}`: also of one that has ended, as long as Temporal keeps its history. */
export interface FleetDetails {
  progress: FleetProgress;
  /** In which phase its restores are that run, by their ids. */
  phases: Record<string, string>;
}

/** One line of the audit log; `GET /api/v1/audit?limit=`, newest first. */
export type { AuditEntry } from '../domain/access.ts';

// What is sent. `by` counts only while access control is off; else the caller's authenticated name does.

export interface Spoken {
  by?: string;
}
export interface CheckPlatform extends Spoken {
  point?: RecoveryPointId;
  before?: string;
  volumes?: VolumeTreatment;
  /** Next to the platform, which serves until the swap. */
  beside?: boolean;
  /** A drill that keeps what it restored. */
  promote?: string;
}
export interface StartRestore extends Spoken {
  point?: RecoveryPointId;
  before?: string;
  volumes?: VolumeTreatment;
  /** Next to the platform, which serves until the swap. */
  beside?: boolean;
  /** A drill that keeps what it restored. */
  promote?: string;
  runningBackup?: RunningBackup;
}
export interface StartBackup extends Spoken {
  reason?: BackupReason;
}
export interface StartRebuild extends Spoken {
  store?: string;
  removeExtra?: boolean;
}
export interface StartScrub extends Spoken {
  point?: string;
  extent?: 'all' | 'share';
}
export interface StartDrill extends Spoken {
  point?: string;
  indices?: string[];
  keepHours?: number;
}
export interface ApprovePlan extends Spoken {
  planHash: string;
  /** The platform's name, typed by the person. */
  platform: PlatformName;
}
export interface RejectPlan extends Spoken {
  reason?: string;
}
export interface DecideStep extends Spoken {
  /** Absent: the one that waits, or all that failed for one cause. */
  step?: string;
  choice: Choice;
}
export interface ApproveWave extends Spoken {
  /** Of the wave: over the hashes of its plans. */
  planHash: string;
  /** The fleet's name, typed by the person. */
  fleet: string;
}
export interface TellFleet extends Spoken {
  reason?: string;
}
export interface AcceptPoint extends Spoken {
  reason: string;
}
export interface UnpinPoint extends Spoken {
  /** Also the pins of runs. */
  all?: boolean;
}
export interface LogIn {
  token: string;
}

/** The answer to everything that starts a run. */
export interface Started {
  run: string;
}
/** The answer to everything else that is sent: one line for people. */
export interface Answer {
  answer: string;
  /** The run that was meant, by its id. */
  run?: string;
}
/** The answer to `pin`, `unpin` and `accept`. */
export interface PointAnswer extends Answer {
  platform: PlatformName;
  point: RecoveryPointId;
  /** False: it was so already. */
  changed: boolean;
  by?: string;
  reason?: string;
  /** Of a point that was accepted: why it was suspect. */
  suspectFor?: string;
  /** Whose pins were taken back, and whose were left. */
  unpinned?: string[];
  left?: string[];
}
/** Every answer with a status of 400 or more. */
export interface Refusal {
  failure: FailureText & { kind: string };
}

/**
 * `GET /api/v1/events?topics=platforms,platform:<name>,run:<id>,fleets,fleet:<name>,incidents`: server-sent events. Each
 * carries the whole document, so that a browser that slept shows the truth after one event.
 */
export type ServerEvent =
  | { topic: string; trouble: FailureText & { kind: string } }
  | { topic: 'platforms'; data: PlatformRow[] }
  | { topic: `platform:${string}`; data: PlatformDetails }
  | { topic: `run:${string}`; data: RunDetails }
  | { topic: 'fleets'; data: FleetRow[] }
  | { topic: `fleet:${string}`; data: FleetDetails }
  | { topic: 'incidents'; data: IncidentState[] };
