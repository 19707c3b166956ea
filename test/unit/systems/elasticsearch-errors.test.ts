import { errors } from '@elastic/elasticsearch';
import { failureOf, innermostReason } from '../../../systems/elasticsearch/errors.ts';
import { inPathSizes } from '../../../systems/elasticsearch/names.ts';

interface Cause {
  type: string;
  reason: string;
  caused_by?: Cause;
}
const answered = (statusCode: number, error: Cause) =>
  new errors.ResponseError({
    statusCode,
    body: { error: { ...error, root_cause: [error] }, status: statusCode },
  } as never);
const caused = (...reasons: string[]): Cause =>
  reasons.reduceRight<Cause | undefined>(
    (inner, reason, depth) => ({
      type: depth === 0 ? 'repository_verification_exception' : 's3_exception',
      reason,
      ...(inner && { caused_by: inner }),
    }),
    undefined,
  )!;
const inaccessible = '[backup] path [es] is not accessible on master node';

test.each<[string, number, Cause]>([
  [
    'WrongCredentials',
    500,
    caused(
      inaccessible,
      'upload',
      'The AWS Access Key Id you provided does not exist in our records. (Service: S3, Status Code: 403, Request ID: 1)',
    ),
  ],
  ['WrongCredentials', 500, caused(inaccessible, 'No credentials in the keystore for s3 client [default]')],
  ['WrongCredentials', 500, caused(inaccessible, 'Access Denied (Service: S3, Status Code: 403)')],
  ['BucketMissing', 500, caused(inaccessible, 'The specified bucket does not exist (Service: S3, Status Code: 404)')],
  ['ObjectStorageUnreachable', 500, caused(inaccessible, 'Unable to execute HTTP request: Connection refused')],
  [
    'ObjectStorageUnreachable',
    500,
    caused(inaccessible, 'Received an UnknownHostException when attempting to interact with a service'),
  ],
  ['RepositoryTypeMissing', 500, { type: 'repository_exception', reason: '[g] repository type [gcs] does not exist' }],
  ['RepositoryRefused', 404, { type: 'repository_missing_exception', reason: '[nope] missing' }],
  ['SnapshotMissing', 404, { type: 'snapshot_missing_exception', reason: '[r:nope] is missing' }],
  ['SnapshotMissing', 500, { type: 'snapshot_restore_exception', reason: '[r:nope] snapshot does not exist' }],
  [
    'RestoreFailed',
    500,
    {
      type: 'snapshot_restore_exception',
      reason: '[r:s] cannot restore index [a] because an open index with same name already exists',
    },
  ],
  ['SnapshotFailed', 500, { type: 'snapshot_exception', reason: "[r:s] Indices don't have primary shards [a]" }],
  [
    'ObjectStorageFull',
    500,
    caused(
      '[b:s] failed to update snapshot in repository',
      'No space left (Service: S3, Status Code: 507, Request ID: 1)',
    ),
  ],
  [
    'ObjectStorageFull',
    500,
    caused('upload', 'Your request was denied: QuotaExceeded (Service: S3, Status Code: 403)'),
  ],
  ['ObjectStorageFull', 500, caused('upload', 'No space left on device')],
  [
    'RepositoryReadonly',
    500,
    { type: 'repository_exception', reason: '[b] cannot create snapshot in a readonly repository' },
  ],
  [
    'SnapshotRunning',
    503,
    { type: 'concurrent_snapshot_execution_exception', reason: '[b:s] a snapshot is already running' },
  ],
  [
    'SnapshotRunning',
    500,
    {
      type: 'repository_conflict_exception',
      reason: 'trying to modify or unregister repository that is currently used',
    },
  ],
  [
    'RepositoryCorrupted',
    500,
    {
      type: 'repository_exception',
      reason:
        '[b] Could not read repository data because the contents of the repository do not match its expected state.',
    },
  ],
  [
    'RepositoryCorrupted',
    500,
    caused(
      '[b] cannot retrieve snapshots list from this repository',
      '[b] The repository has been disabled to prevent data corruption because its contents were found not to match its expected state.',
    ),
  ],
  [
    'RepositoryCorrupted',
    404,
    {
      type: 'snapshot_missing_exception',
      reason: '[b:s] is missing',
      caused_by: { type: 'no_such_file_exception', reason: 'No such object: read object [indices/x/0/snap-y.dat]' },
    },
  ],
  ['ElasticsearchUnreachable', 503, { type: 'master_not_discovered_exception', reason: 'no master' }],
  [
    'ElasticsearchUnreachable',
    503,
    {
      type: 'cluster_block_exception',
      reason: 'blocked by: [SERVICE_UNAVAILABLE/1/state not recovered / initialized];',
    },
  ],
  ['WrongCredentials', 401, { type: 'security_exception', reason: 'unable to authenticate user [x]' }],
  ['Internal', 400, { type: 'illegal_argument_exception', reason: 'no' }],
])('%s from %i %o', (kind, status, error) => {
  const failure = failureOf(answered(status, error), 'register repository backup') as { message: string };
  let innermost = error;
  while (innermost.caused_by) innermost = innermost.caused_by;
  expect(failure).toMatchObject({ kind, remedy: expect.stringMatching(/^[A-Z].+[^.]$/) as string });
  expect(failure.message).toContain(innermost.reason.replace(/\.$/, ''));
});

test('a failed connection means that Elasticsearch is unreachable; other errors pass through', () => {
  expect(failureOf(new errors.ConnectionError('connect ECONNREFUSED'), 'x')).toMatchObject({
    kind: 'ElasticsearchUnreachable',
  });
  expect(failureOf(new errors.TimeoutError('Request timed out'), 'x')).toMatchObject({
    kind: 'ElasticsearchUnreachable',
  });
  const other = new TypeError('bug');
  expect(failureOf(other, 'x')).toBe(other);
});

test('the innermost reason of a stack trace', () => {
  expect(innermostReason('failed shard: A\n\tat x\nCaused by: B: first\n\tat y\nCaused by: C: last\n\tat z\n')).toBe(
    'C: last',
  );
  expect(innermostReason('plain')).toBe('plain');
});

test('lists of names stay below the length of a path and lose none', () => {
  const names = Array.from({ length: 500 }, (_, number) => `nuvla-index-with-a-long-name-${number}`);
  const lists = inPathSizes(names);
  expect(lists.flat()).toEqual(names);
  expect(Math.max(...lists.map((list) => list.join(',').length))).toBeLessThan(2_500);
  expect(inPathSizes([])).toEqual([]);
});
