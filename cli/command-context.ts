import type { Environment } from '../config/environment.ts';
import type { NotAdopted } from '../domain/recovery-points/adoption.ts';
import type { MarkerKey } from '../domain/recovery-points/catalogue-keys.ts';
import type { Check } from '../domain/checks.ts';
import type { Forecast } from '../domain/runs/forecast.ts';
import type { Plan } from '../domain/plans/plan.ts';
import type { RetentionPolicy } from '../domain/platform.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import type { QueuePreview } from '../domain/queue/preview.ts';
import type {
  ExpectedIndex,
  RecoveryPointManifest,
  RecoveryPointSummary,
} from '../domain/recovery-points/recovery-point.ts';
import type { RetentionVerdict } from '../domain/recovery-points/retention.ts';
import type { RebuildInput, RestoreInput } from '../domain/runs/run.ts';
import type { Output } from './output.ts';

/**
 * What commands need beyond Temporal. The composition root fills it in, so that the client knows neither drivers nor
 * activities; these work without Temporal.
 */
export interface Toolbox {
  /** Observation, preflight and plan of a restore, with nothing changed. */
  assessRestore: (
    input: RestoreInput,
    /** What takes long meanwhile, a line each time that it changes. */
    onWait: (line: string) => void,
  ) => Promise<{ plan?: Plan; checks: Check[]; forecast?: Forecast }>;
  planRebuild: (input: RebuildInput) => Promise<Plan>;
  /** What a rebuild of each queue would do now, with nothing changed; `list`: with every job. */
  previewQueues: (input: RebuildInput, options: { list: boolean }) => Promise<QueuePreview[]>;
  /** The jobs that ran again after this run, by store; as it was told in its checks. */
  readRunningJobs: (platform: string, run: string) => Promise<{ store: string; jobs: string }[]>;
  /** What retention would do now, with nothing changed. */
  previewPrune: (platform: string) => Promise<PrunePreview>;
  /** In the name of a person. Failure: RecoveryPointNotFound. */
  pinPoint: (platform: string, point: string, by: string) => Promise<{ pinned: boolean }>;
  /** Persons' pins, with `all` those of runs, too; `left` are those that stay. Failure: RecoveryPointNotFound. */
  unpinPoint: (
    platform: string,
    point: string,
    options: { all: boolean },
  ) => Promise<{ unpinned: string[]; left: string[] }>;
  listPoints: (
    platform: string,
  ) => Promise<{ points: RecoveryPointSummary[]; unfinished: string[]; warnings: string[] }>;
  /** One recovery point in full. Failures: RecoveryPointNotFound, CatalogueRefused. */
  readPoint: (platform: string, id: string) => Promise<PointInFull>;
  /** Makes recovery points of snapshots that others took; through Elasticsearch. */
  adoptPoints: (platform: string) => Promise<Adoptions>;
  /** Undefined when the catalogue holds none of this run. */
  readReport: (platform: string, run: string) => Promise<RunProgress | undefined>;
  /** Fails with UnknownPlatform or InvalidPlatformFile. */
  validatePlatform: (platform: string) => Promise<void>;
  generateKey: (file: string) => Promise<{ file: string; recipient: string }>;
  startWorker: (environment: Environment) => Promise<{ done: Promise<void>; stop: () => void }>;
  /** Failure: InvalidArgument, when its address cannot be listened on. */
  startGateway: (environment: Environment) => Promise<{ url: string; close: () => Promise<void> }>;
  /** The demo platform, which only `demo` needs. */
  demoStack: () => Promise<DemoStack>;
}

/** What becomes of each recovery point, and what lies in the repositories besides. */
export interface PrunePreview {
  assessment: {
    policy?: RetentionPolicy;
    /** Newest first, as `verdicts`. */
    points: RecoveryPointSummary[];
    verdicts: RetentionVerdict[];
    halfRemoved: string[];
    warnings: string[];
  };
  foreign: ({ store: string; repository: string } & ({ snapshots: string[] } | { unseen: string }))[];
}

export interface PointInFull {
  summary: RecoveryPointSummary;
  manifest: RecoveryPointManifest;
  /** Every note that was made of it since, oldest first. */
  markers: MarkerKey[];
  /** By store, as the expected set has them. */
  indices: Record<string, ExpectedIndex[]>;
}

export interface Adoptions {
  adopted: { id: string; snapshot: string }[];
  notAdopted: NotAdopted[];
}

/** What the demo does to its platform. `P` is the stack's own description of it. */
export interface DemoStack<P extends DemoPlatform = DemoPlatform> {
  bringUp(options: { project: string; name: string; folder: string; log: (line: string) => void }): Promise<P>;
  loseEverything(platform: P): Promise<void>;
  tearDown(platform: P): Promise<void>;
  /** Also when the process that made it is gone. */
  removeLeftovers(project: string): Promise<void>;
  /** Where a demo of this project was brought up; undefined: there is none. */
  folderOf(project: string): Promise<string | undefined>;
}

export interface DemoPlatform {
  project: string;
  folder: string;
  network: string;
  volumes: { elasticsearch: string[]; zookeeper: string[] };
}

/** What every command is given. */
export interface CommandContext {
  environment: Environment;
  toolbox: Toolbox;
  output: Output;
}

/** A command answers with the exit code; what it throws is shown by the root, with its remedy. */
export type CommandResult = Promise<number>;
