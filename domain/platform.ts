import type { AwsCredentials, BucketWriting } from './authentication.ts';
import type { HostName, PlatformName, SecretReference, ServiceName } from './names.ts';
import type { DrillPolicy } from './drills/drill-policy.ts';
import type {
  BackupPolicy,
  Notification,
  Objectives,
  ReadinessPolicy,
  RestorePolicy,
  StatsdTarget,
} from './policies.ts';
import type { SmokeCheck } from './smoke-checks.ts';
import type { ReadableBucket, Store, StoreKind } from './stores.ts';

// The platform file's model: what it names, its stores and its policies are files of their own.
export type * from './authentication.ts';
export type * from './names.ts';
export type * from './policies.ts';
export type * from './stores.ts';
export type * from './streamed-stores.ts';
export { isGivenAddress, servicesOf } from './stores.ts';

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
  /** What must hold before a run may call the platform healthy. */
  smoke: SmokeCheck[];
  /** Absent: the usual limits. */
  drill?: DrillPolicy;
  /** Absent: never evaluated by itself. */
  readiness?: ReadinessPolicy;
}

/** How the platform's services are deployed, and what Rekindle may do with them. */
export type Deployment = ComposeDeployment | SwarmDeployment | NoDeployment;

export interface ComposeDeployment extends DeploymentRules {
  kind: 'compose';
  /** The Compose project's name: with the service's name it finds the containers, by Compose's own labels. */
  project: string;
}

export interface SwarmDeployment extends DeploymentRules {
  kind: 'swarm';
  /** The stack's name: `es` then means its service `db_es`. Absent: services are named exactly, `db_es`. */
  stack?: string;
  /** Where the values of Swarm secrets are, by the secret's name: a restore creates those that are missing. */
  secrets: Record<string, SecretReference>;
}

/** Servers that others deploy: Rekindle reaches them by their addresses, and stops, starts and captures nothing. */
export interface NoDeployment extends DeploymentRules {
  kind: 'none';
}

interface DeploymentRules {
  /** The machine whose Docker engine carries the platform; absent: the host of the worker that takes the run. */
  host?: HostName;
  /** Where the services lie that do not lie on `host`, which is named then; absent: all lie there. */
  hosts?: Record<ServiceName, HostName>;
  /** Services that hold data, stopped last and started first. */
  data: ServiceName[];
  /** Services that use the data, in the order they start; they stop in reverse. Distributors come last. */
  core: ServiceName[];
  /** Other clients of the data services: stopped and started with the core, before it and after it. */
  alsoStop: ServiceName[];
  /** By service of `core` or `alsoStop`: patterns of the indices that it reads or writes. */
  uses?: Record<ServiceName, string[]>;
  /** What holds data and what must stay, where it is known better than by the stores: volumes by name, folders by path. */
  volumes: Record<string, 'data' | 'keep'>;
  stopGraceSeconds: number;
  /** How long a service may take to be healthy. */
  healthTimeoutSeconds: number;
  /** Without a health check: how long a container must run without a restart to count as healthy. */
  settleSeconds: number;
}

export type CatalogueLocation =
  | { kind: 'directory'; path: string }
  | ({
      kind: 's3';
      /** For deleting alone, which prune does; absent: the same. */
      deletion?: { credentials: AwsCredentials };
    } & ReadableBucket &
      BucketWriting);

/** Every service the platform file names, in the order they stop. */
export function servicesInStopOrder({ deployment }: Platform): ServiceName[] {
  return [...deployment.alsoStop, ...deployment.core.toReversed(), ...deployment.data.toReversed()];
}

/** False for bare servers: there is nothing to stop, to start or to capture. */
export function isDeployed({ deployment }: Pick<Platform, 'deployment'>): boolean {
  return deployment.kind !== 'none';
}

export function storesOfKind<K extends StoreKind>(platform: Platform, kind: K): Extract<Store, { kind: K }>[] {
  return platform.stores.filter((store): store is Extract<Store, { kind: K }> => store.kind === kind);
}
