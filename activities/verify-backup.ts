import { overallVerdict, failed, type Check } from '../domain/checks.ts';
import { Failure, type FailureKind } from '../domain/failures.ts';
import type { ElasticsearchStore, StoreName } from '../domain/platform.ts';
import type { ExpectedSet, RecoveryPointId } from '../domain/recovery-points/recovery-point.ts';
import type { StepCall } from '../domain/runs/run.ts';
import type { StepOutcome } from '../domain/plans/steps.ts';
import { checkBlobs, checkIndices, checkNodes, checkShards } from '../domain/recovery-points/backup-checks.ts';
import { corruptedRemedy } from '../systems/elasticsearch/errors.ts';
import { readRepositoryIndex } from '../systems/elasticsearch/repository/repository-index.ts';
import { observeBlobs } from '../systems/elasticsearch/repository/sampled-blobs.ts';
import { observeSnapshot } from '../systems/elasticsearch/snapshots/observe-snapshot.ts';
import { activity } from './activity.ts';
import { ChecksFailed } from '../domain/checks-failed.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../operations/open-platform.ts';
import { storeNamed } from '../operations/store-named.ts';
import { openBucket } from '../operations/preflight/bucket.ts';
import { observe } from '../operations/observation.ts';

/** What a backup took is looked at before it counts. */
export function verifyBackupActivities(dependencies: Dependencies) {
  return {
    /** Failures: RepositoryCorrupted (files are missing or damaged), VerificationFailed. */
    verifyBackup: activity(async (call: StepCall<'verifyBackup'>, { signal }): Promise<StepOutcome> => {
      const open = await openPlatform(dependencies, call.platform);
      const { store: name, recoveryPoint } = call.arguments;
      const store = storeNamed(open.platform, 'elasticsearch', name);
      const client = await open.elasticsearch(store);
      try {
        const expected = await expectedOf(open, recoveryPoint, name);
        const [told, blobs] = await Promise.all([
          observe(() => observeSnapshot(client, expected.repository, expected.snapshot)),
          sampleBlobs(open, store, expected, signal),
        ]);
        const checks: Check[] = [];
        if ('seen' in told)
          checks.push(...[checkNodes, checkIndices, checkShards].map((check) => check(expected, told.seen)));
        else if ('failure' in told) checks.push(brokenLook(name, told.failure));
        if ('check' in blobs) checks.push(blobs.check);
        if (overallVerdict(checks) !== 'pass')
          throw new ChecksFailed(
            `the snapshot ${expected.snapshot} is not whole, so it becomes no recovery point`,
            checks,
            kindOf('failure' in told ? told.failure : undefined, blobs),
          );
        const note = 'note' in blobs ? `; ${blobs.note}` : '';
        return { summary: `${checks.map(({ evidence }) => evidence).join('; ')}${note}`, checks };
      } finally {
        await client.close();
      }
    }),
  };
}

/** As the snapshot's step has just written it; its digest comes into the manifest. Failure: CatalogueRefused. */
async function expectedOf({ catalogue }: OpenPlatform, point: RecoveryPointId, store: StoreName): Promise<ExpectedSet> {
  const bytes = await catalogue.findObject(point, `stores/${store}.expected.json`);
  if (bytes !== undefined) return JSON.parse(new TextDecoder().decode(bytes)) as ExpectedSet;
  throw new Failure('CatalogueRefused', {
    message: `the expected set of ${store} in ${point} is gone from the catalogue again`,
    remedy: 'find out who deletes in the catalogue while a backup runs; then take the backup again',
  });
}

/** What files are missing weighs more than what Elasticsearch says of it. */
function kindOf(failure: Failure | undefined, blobs: Sampled): FailureKind {
  if ('check' in blobs && blobs.check.verdict !== 'pass') return 'RepositoryCorrupted';
  return failure?.kind ?? 'VerificationFailed';
}

/** What is only out of reach is waited for by the next attempt; everything else is a finding. */
function brokenLook(store: string, failure: Failure): Check {
  if (failure.kind.endsWith('Unreachable')) throw failure;
  return failed(`snapshot ${store}`, failure.message, failure.remedy);
}

type Sampled = { check: Check } | { note: string };

/**
 * Files in the bucket, where it can be listed. Where it cannot, there is no check: Elasticsearch has read each shard's
 * own file, and the step says why nothing more was looked at.
 */
async function sampleBlobs(
  open: OpenPlatform,
  store: ElasticsearchStore,
  expected: ExpectedSet,
  signal: AbortSignal,
): Promise<Sampled> {
  const files = open.platform.backup.sampledFiles;
  if (files === 0) return { note: 'no files were looked for in the bucket (backup.sampledFiles is 0)' };
  const look = await observe(async () => {
    const bucket = await openBucket(open, store);
    if ('unseen' in bucket) return { note: `no files were looked for in the bucket: ${bucket.unseen}` };
    const { storage, where } = bucket;
    const index = await readRepositoryIndex(storage);
    if (!index.snapshots.some(({ name }) => name === expected.snapshot))
      return {
        check: failed(
          `blobs ${store.name}`,
          `the index of the repository in ${where} (index-${index.generation}) does not list ${expected.snapshot}`,
          corruptedRemedy,
        ),
      };
    const found = await observeBlobs(storage, index, expected.snapshot, expected.indices, { files, signal });
    return { check: checkBlobs(expected, where, found, corruptedRemedy) };
  });
  if ('seen' in look) return look.seen;
  if ('failure' in look && look.failure.kind === 'RepositoryCorrupted')
    return { check: failed(`blobs ${store.name}`, look.failure.message, look.failure.remedy) };
  const why = 'failure' in look ? look.failure.message : look.unseen;
  return { note: `no files were looked for in the bucket, it cannot be listed from here: ${why}` };
}
