import { errors } from '@elastic/elasticsearch';
import { Failure, type FailureKind } from '../../domain/failures.ts';
import { refusalOf } from './refusals.ts';

interface Row {
  kind: FailureKind;
  /** Looked for in the types and reasons of the error and of all its causes. */
  pattern: RegExp;
  remedy: string;
}

const unreachableRemedy = 'Check that the Elasticsearch service runs and that the worker reaches its address and port';

/** Missing files cannot be created again, and every later snapshot refers to them. */
export const corruptedRemedy =
  'Put the missing files back from object versions or a copy of the bucket, or give the store a new repository (another base_path or bucket), where the next backup is complete; see "When a backup fails" in the runbook';

/** The one place that says what an error of Elasticsearch means. The first row that matches wins. */
const table: readonly Row[] = [
  {
    kind: 'RepositoryTypeMissing',
    pattern: /repository type \[[^\]]*\] does not exist/,
    remedy: 'Use an image of Elasticsearch whose every node has the module or plugin for this repository type',
  },
  {
    kind: 'ElasticsearchUnreachable',
    pattern: /master_not_discovered|no_master|state not recovered|node_not_connected|node_closed|es_rejected_execution/,
    remedy: unreachableRemedy,
  },
  {
    kind: 'ElasticsearchUnreachable',
    pattern: /search_context_missing_exception/,
    remedy: 'Retry: Elasticsearch lost the search halfway (a node restarted, or its time ran out)',
  },
  {
    // Before the credentials: many servers say "quota" with status 403.
    kind: 'ObjectStorageFull',
    pattern:
      /InsufficientStorage|StorageFull|no space left on device|minimum free drive threshold|quota_?exceeded|quota.{0,40}exceeded|exceed.{0,40}quota|status code: ?507/i,
    remedy:
      'Make room in the object storage or raise its quota, then take the backup again; earlier backups are complete',
  },
  {
    kind: 'RepositoryReadonly',
    pattern: /repository is read-?only|read-?only repository/i,
    remedy:
      'Find out who registered the repository read-only and why: another cluster may write to it; if this one should write to it, register it again without "readonly"',
  },
  {
    kind: 'SnapshotRunning',
    pattern: /concurrent_snapshot_execution|a snapshot is already running|unregister repository that is currently used/,
    remedy:
      'Wait until the snapshot that runs has ended ("GET _snapshot/_status" shows it), then take the backup again',
  },
  {
    kind: 'BucketMissing',
    pattern: /NoSuchBucket|no_such_bucket|bucket (does not exist|not found)/i,
    remedy: 'Create the bucket, or name the right one in the repository settings of the platform file',
  },
  {
    kind: 'WrongCredentials',
    pattern:
      /InvalidAccessKeyId|SignatureDoesNotMatch|AccessDenied|Access Denied|access key id you provided|signature we calculated|no credentials|unable to load credentials|credentials in the keystore|status code: ?40[13]|invalid.?access.?key/i,
    remedy:
      "Check the secrets of the store in the platform file: the nodes' keystores must hold a key that may use the bucket",
  },
  {
    kind: 'ObjectStorageUnreachable',
    pattern:
      /unable to execute http request|connection refused|connect timed out|read timed out|connection reset|unknown_?host|no route to host|connect_exception|socket_timeout|api_call_timeout|status code: ?50[0234]|SlowDown/i,
    remedy: "Check that the object storage runs and that Elasticsearch reaches the repository's endpoint",
  },
  {
    // Before the missing snapshot: so Elasticsearch calls one of whose files some are gone. In a shard's trace a file with
    // an absolute path is the node's own.
    kind: 'RepositoryCorrupted',
    pattern:
      /not (to )?match its expected state|concurrent modification of the index-N|no_such_file_exception|NoSuchFileException: (?!\/)|NoSuchKey|specified key does not exist|corrupt_?state_?exception/i,
    remedy: corruptedRemedy,
  },
  {
    kind: 'SnapshotMissing',
    pattern: /snapshot_missing_exception|snapshot does not exist|snapshot_exception.*is missing/,
    remedy: 'Choose another recovery point of those that "rekindle points" lists: this one\'s snapshot was deleted',
  },
  {
    kind: 'RestoreFailed',
    pattern: /snapshot_restore_exception/,
    remedy: 'Remove the cause that the message names, then retry; no existing index was changed',
  },
  {
    kind: 'SnapshotFailed',
    pattern: /(^|\n)(snapshot_exception|snapshot_creation_exception|invalid_snapshot_name_exception)/,
    remedy: 'Make the named indices healthy (every primary started), then take the backup again',
  },
  {
    kind: 'RepositoryRefused',
    pattern: /repository|snapshot/,
    remedy: 'Compare the repository settings of the platform file with the object storage, then retry',
  },
];

interface Cause {
  type?: string;
  reason?: string;
  caused_by?: Cause;
  root_cause?: Cause[];
  /** Why a key or token was not taken: `API key: api key is expired`. */
  additional_unsuccessful_credentials?: string | string[];
}

/** Error and causes, outermost first. */
function chainOf(error: Cause): Cause[] {
  const chain: Cause[] = [];
  for (let cause: Cause | undefined = error; cause !== undefined && chain.length < 30; cause = cause.caused_by) {
    chain.push(cause);
  }
  return chain;
}

/** However long: half a secret is none that could be recognised, so only whoever has masked them may shorten a text. */
const firstLine = (text: string) => (text.split('\n', 1)[0] ?? '').replace(/\.$/, '');

/** The failure that a text from inside Elasticsearch (a shard's reason, for instance) stands for. */
export function failureKindOf(text: string, otherwise: FailureKind): FailureKind {
  return table.find(({ kind, pattern }) => kind !== 'RepositoryRefused' && pattern.test(text))?.kind ?? otherwise;
}

export function remedyOf(kind: FailureKind): string {
  return table.find((row) => row.kind === kind)?.remedy ?? 'Read the log of the Elasticsearch service, then retry';
}

/** The innermost cause of a Java stack trace, which is what shards' reasons are. */
export function innermostReason(trace: string): string {
  const causes = trace.split('\n').filter((line) => /^\s*(Caused by: |nested: )/.test(line));
  return firstLine((causes.at(-1) ?? trace).replace(/^\s*(Caused by|nested): /, ''));
}

/** Any error of the client as a failure; `what` names the work: `register repository s3_backup`. */
export function failureOf(error: unknown, what: string): unknown {
  if (error instanceof Failure) return error;
  if (!(error instanceof errors.ElasticsearchClientError)) return error;
  if (error instanceof errors.ResponseError) return responseFailure(error, what);
  if (error instanceof errors.ProductNotSupportedError) return notElasticsearch(error, what);
  const unreachable =
    error instanceof errors.ConnectionError ||
    error instanceof errors.TimeoutError ||
    error instanceof errors.NoLivingConnectionsError;
  const message = `Could not ${what}: ${firstLine(error.message) || error.name}`;
  return unreachable
    ? new Failure('ElasticsearchUnreachable', { message, remedy: unreachableRemedy }, { cause: error })
    : new Failure('Internal', { message, remedy: 'Report this with the log of the worker' }, { cause: error });
}

/** What it is instead could not be found out (product.ts). */
function notElasticsearch(error: Error, what: string): Failure {
  const message = `Could not ${what}: what answers does not call itself Elasticsearch`;
  const remedy =
    'Check address and port; a proxy in between must pass the header "x-elastic-product" on. OpenSearch and Elasticsearch before 8.0 are not supported';
  return new Failure('ServerNotSupported', { message, remedy }, { cause: error });
}

function responseFailure(error: errors.ResponseError, what: string): Failure {
  // Amazon's service refuses with a message alone.
  const body = error.body as { error?: Cause | string; message?: string; Message?: string } | string | undefined;
  const told = typeof body === 'object' ? (body.error ?? body.message ?? body.Message) : body;
  const chain = typeof told === 'object' ? [...(told.root_cause?.slice(0, 1) ?? []), ...chainOf(told)] : [];
  const text =
    chain.map(({ type = '', reason = '' }) => `${type}: ${reason}`).join('\n') ||
    (typeof told === 'string' ? told : '');
  const innermost = firstLine(chain.at(-1)?.reason ?? text) || `status ${String(error.statusCode)}`;
  const message = `Could not ${what}: ${innermost}`;
  const as = (kind: FailureKind, remedy: string) => new Failure(kind, { message, remedy }, { cause: error });

  // For the decision alone: it may name the key.
  const untaken = chain.flatMap((cause) => cause.additional_unsuccessful_credentials ?? []).join(' ');
  const refused = refusalOf(error, chain.length === 0 || /security_exception/.test(text), `${text} ${untaken}`);
  if (refused)
    return new Failure(refused.kind, { message: message + refused.more, remedy: refused.remedy }, { cause: error });
  const row = table.find(({ pattern }) => pattern.test(text));
  if (row) return as(row.kind, row.remedy);
  if (error.statusCode === 429 || (error.statusCode ?? 0) >= 502)
    return as('ElasticsearchUnreachable', unreachableRemedy);
  return as('Internal', 'Read the log of the Elasticsearch service, then retry');
}

/** Runs one call and turns its error into a failure. `what` completes the sentence "Could not …". */
export async function attempt<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw failureOf(error, what);
  }
}

export function isStatus(error: unknown, ...statuses: number[]): boolean {
  return error instanceof errors.ResponseError && statuses.includes(error.statusCode ?? 0);
}

/** Whether a failure means that an index which was asked for exists no more. */
export function isIndexGone(failure: unknown): boolean {
  const cause = failure instanceof Failure ? failure.cause : failure;
  const body = cause instanceof errors.ResponseError ? (cause.body as { error?: Cause } | undefined) : undefined;
  return body?.error?.type === 'index_not_found_exception';
}
