import type { SecretReference, ServiceName } from './names.ts';

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
  /** All that recovery points refer to is read from the bucket within so many days, a share after each backup; 0: not at all. */
  scrubDays: number;
  /** What the next backup does when a file is damaged that cannot be put back: `newBase` begins anew in another folder. */
  onDamage: 'report' | 'newBase';
  /** By index pattern: by how many percent an index may shrink from one backup to the next before the point is suspect. */
  mayShrinkPercent: Record<string, number>;
  /** A dead man's switch: requested after each good backup. */
  heartbeatUrl?: string | SecretReference;
  /** In this order before a backup reads anything; taken back in the reverse order. */
  hooks?: BackupHook[];
}

/** A command in the containers of a service before a backup reads anything, and the one that takes it back. */
export interface BackupHook {
  name: string;
  service: ServiceName;
  before: string[];
  /** When all is read, and however the backup ends. Absent: nothing need be taken back. */
  after?: string[];
  /** For each of the commands. */
  timeoutSeconds: number;
}

/** When something is started repeatedly. */
export type Timing = (
  | { cron: string }
  | {
      everySeconds: number;
      offsetSeconds: number;
      /** In place of an offset: one that keeps platforms which share a repository apart. */
      spread?: true;
    }
) & {
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
  /** This many of the newest are kept whatever their age. */
  minimumCount: number;
  /** Older ones go, unless another rule protects them. */
  maximumAgeDays?: number;
}

export interface Objectives {
  recoveryPointMinutes?: number;
  recoveryTimeMinutes?: number;
  /** A drill or a restore has proven a good recovery point within so many days. */
  provenWithinDays?: number;
  /** A drill has passed within so many days, of all of a recovery point or of a part. */
  drilledWithinDays?: number;
  /** The stores of a recovery point were read within so many seconds of each other. */
  skewSeconds?: number;
}

/** How often it is evaluated whether the platform could be restored. */
export interface ReadinessPolicy {
  /** 0: never. */
  everyMinutes: number;
}

export type NotificationEvent = 'failure' | 'recovery' | 'stale' | 'waiting' | 'readiness';

/** A receiver, and the events that it gets. */
export type Notification = (WebhookReceiver | ChatReceiver | MailReceiver | PagerReceiver) & {
  events: NotificationEvent[];
};

/** Gets the document as it is; the kind of those that name none. */
export interface WebhookReceiver {
  kind?: 'webhook';
  url: string | SecretReference;
  headers: Record<string, string | SecretReference>;
}

/** `slack`: also Mattermost and Rocket.Chat, which take the same. */
export interface ChatReceiver {
  kind: 'slack' | 'teams';
  url: string | SecretReference;
}

export interface MailReceiver {
  kind: 'email';
  server: MailServer;
  from: string;
  to: string[];
}

export interface MailServer {
  host: string;
  /** Absent: the usual one of `tls`. */
  port?: number;
  tls: 'starttls' | 'implicit' | 'none';
  /** A PEM file with the authority that signed the server's certificate; absent: those that Node knows. */
  caFile?: string;
  user?: string | SecretReference;
  password?: SecretReference;
}

/** PagerDuty's Events API v2. */
export interface PagerReceiver {
  kind: 'pagerduty';
  routingKey: SecretReference;
  url: string | SecretReference;
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
  /** Whether only people whom a gateway has authenticated may approve, reject, decide, roll back and release. */
  authenticated: boolean;
  /** How many different people must approve; whoever started the restore may be one of them. */
  approvalsNeeded: number;
  approvalTimeoutSeconds: number;
  volumes: VolumeTreatment;
  /** A restore of the newest point is refused when none was proven within so many days; one that a person names only warns. */
  requireProvenWithinDays?: number;
  /** What happens to a backup that a restore meets. */
  runningBackup: RunningBackup;
  /** A quarantine is released automatically this long after the restore passed; without a pass it stays. */
  quarantineHours: number;
  /** How long a server that went away is waited for before the step fails. */
  outageSeconds: number;
}

export type RunningBackup = 'wait' | 'cancel';

export type VolumeTreatment = 'quarantine' | 'remove';
