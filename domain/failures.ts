/**
 * Every kind of failure that Rekindle reports. Scripts and tests rely on the code; `exitCode`
 * is the exit code of the command line (docs/reference/exit-codes-and-failures.md); `retryable`: whether waiting may help.
 */
export const failureKinds = {
  // Bad input: nothing was done.
  UnknownPlatform: { exitCode: 2, retryable: false },
  InvalidPlatformFile: { exitCode: 2, retryable: false },
  InvalidGatewayFile: { exitCode: 2, retryable: false },
  InvalidIncidentsFile: { exitCode: 2, retryable: false },
  InvalidFleetFile: { exitCode: 2, retryable: false },
  InvalidHostsFile: { exitCode: 2, retryable: false },
  NotLoggedIn: { exitCode: 2, retryable: false },
  NotAllowed: { exitCode: 2, retryable: false },
  InvalidArgument: { exitCode: 2, retryable: false },
  MissingSecret: { exitCode: 2, retryable: false },
  MissingKey: { exitCode: 2, retryable: false },
  RecoveryPointNotFound: { exitCode: 2, retryable: false },
  RunNotFound: { exitCode: 2, retryable: false },
  // Refused before anything was touched.
  PreflightRefused: { exitCode: 3, retryable: false },
  PlanStale: { exitCode: 3, retryable: false },
  PlatformBusy: { exitCode: 3, retryable: false },
  FleetRunning: { exitCode: 3, retryable: false },
  Rejected: { exitCode: 3, retryable: false },
  ApprovalTimedOut: { exitCode: 3, retryable: false },
  HostWorkerMissing: { exitCode: 3, retryable: false },
  ClusterRed: { exitCode: 3, retryable: false },
  SnapshotRunning: { exitCode: 3, retryable: false },
  RepositoryReadonly: { exitCode: 3, retryable: false },
  AnotherWriter: { exitCode: 3, retryable: false },
  ArchiveRefused: { exitCode: 3, retryable: false },
  OrchestratorRetired: { exitCode: 3, retryable: false },
  // Outside systems out of reach: retried within the step's limit.
  DockerUnreachable: { exitCode: 1, retryable: true },
  DiskFull: { exitCode: 1, retryable: true },
  GatewayUnreachable: { exitCode: 1, retryable: true },
  TemporalUnreachable: { exitCode: 1, retryable: true },
  ElasticsearchUnreachable: { exitCode: 1, retryable: true },
  ZookeeperUnreachable: { exitCode: 1, retryable: true },
  ObjectStorageUnreachable: { exitCode: 1, retryable: true },
  ServiceUnhealthy: { exitCode: 1, retryable: true },
  NotificationUndelivered: { exitCode: 1, retryable: true },
  TooManyRequests: { exitCode: 1, retryable: true },
  // Outside systems that refused.
  ServerNotSupported: { exitCode: 1, retryable: false },
  TemporalRefused: { exitCode: 1, retryable: false },
  ServiceNotFound: { exitCode: 1, retryable: false },
  ServiceStopped: { exitCode: 1, retryable: false },
  ImageMissing: { exitCode: 1, retryable: false },
  VolumeRefused: { exitCode: 1, retryable: false },
  RepositoryTypeMissing: { exitCode: 1, retryable: false },
  RepositoryRefused: { exitCode: 1, retryable: false },
  RepositoryCorrupted: { exitCode: 1, retryable: false },
  ObjectStorageFull: { exitCode: 1, retryable: false },
  WrongCredentials: { exitCode: 1, retryable: false },
  AccessDenied: { exitCode: 1, retryable: false },
  ClockSkew: { exitCode: 1, retryable: false },
  CertificateRefused: { exitCode: 1, retryable: false },
  HostKeyRefused: { exitCode: 1, retryable: false },
  BucketMissing: { exitCode: 1, retryable: false },
  SnapshotMissing: { exitCode: 1, retryable: false },
  SnapshotFailed: { exitCode: 1, retryable: false },
  SnapshotPartial: { exitCode: 1, retryable: false },
  RestoreFailed: { exitCode: 1, retryable: false },
  VerificationFailed: { exitCode: 1, retryable: false },
  ClientJoined: { exitCode: 1, retryable: false },
  CommandFailed: { exitCode: 1, retryable: false },
  ContainerFailed: { exitCode: 1, retryable: false },
  CaptureUnreadable: { exitCode: 1, retryable: false },
  CatalogueRefused: { exitCode: 1, retryable: false },
  QueueRefused: { exitCode: 1, retryable: false },
  StepTimedOut: { exitCode: 1, retryable: false },
  RolledBack: { exitCode: 1, retryable: false },
  RunFailed: { exitCode: 1, retryable: false },
  Internal: { exitCode: 1, retryable: false },
} as const;

export type FailureKind = keyof typeof failureKinds;

/** What a person needs at three in the morning. `remedy` says what to do. */
export interface FailureText {
  /** What failed, on what and why: one sentence, no secret in it. */
  message: string;
  remedy: string;
}

/** The one error type of the project. Drivers throw it, activities convert it to Temporal's, the command line prints it. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly remedy: string;

  constructor(kind: FailureKind, text: FailureText, options?: { cause?: unknown }) {
    super(text.message, options);
    this.name = 'Failure';
    this.kind = kind;
    this.remedy = text.remedy;
  }
}

export function isFailureKind(text: string): text is FailureKind {
  return Object.hasOwn(failureKinds, text);
}
