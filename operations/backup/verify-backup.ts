import { overallVerdict, failed, warned, type Check } from '../../domain/checks.ts';
import { ChecksFailed } from '../../domain/checks-failed.ts';
import { Failure, type FailureKind } from '../../domain/failures.ts';
import type { ElasticsearchStore, StoreName } from '../../domain/platform.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import { checkFiles, checkIndices, checkNodes, checkShards } from '../../domain/recovery-points/backup-checks.ts';
import { heldIndices } from '../../domain/recovery-points/expected-set.ts';
import type { ExpectedSet, RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { corruptedRemedy } from '../../systems/elasticsearch/errors.ts';
import { readRepositoryIndex } from '../../systems/elasticsearch/repository/repository-index.ts';
import { observeFiles } from '../../systems/elasticsearch/repository/snapshot-files.ts';
import { observeSnapshot } from '../../systems/elasticsearch/snapshots/observe-snapshot.ts';
import { decodeJson } from '../json.ts';
import { observe } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { expectedSetObject } from '../recovery-points/read-point.ts';
import { openBucket } from '../repository/observe-bucket.ts';
import { withElasticsearchNamed } from '../stores/with-elasticsearch.ts';

/**
 * Checks the snapshot before it counts as a recovery point. Failures: RepositoryCorrupted (files are missing or damaged),
 * VerificationFailed.
 */
export function verifyBackup(open: OpenPlatform, call: StepCall<'verifyBackup'>, watch: Watch): Promise<StepOutcome> {
  const { store: name, recoveryPoint } = call.arguments;
  return withElasticsearchNamed(open, name, async (client, store) => {
    const expected = await expectedSetOf(open, recoveryPoint, name);
    const [snapshot, sampled] = await Promise.all([
      observe(() => observeSnapshot(client, expected.repository, expected.snapshot)),
      sampleFiles(open, store, expected, watch),
    ]);
    const taken = { ...expected, indices: heldIndices(expected) };
    const checks: Check[] = [];
    if ('seen' in snapshot)
      checks.push(...[checkNodes, checkIndices, checkShards].map((check) => check(taken, snapshot.seen)));
    else if ('failure' in snapshot) checks.push(failedSnapshot(name, snapshot.failure));
    if ('check' in sampled) checks.push(sampled.check);
    if (overallVerdict(checks) !== 'pass')
      throw new ChecksFailed(
        `The snapshot ${expected.snapshot} is incomplete, so it becomes no recovery point`,
        checks,
        kindOf('failure' in snapshot ? snapshot.failure : undefined, sampled),
      );
    const note = 'note' in sampled ? `; ${sampled.note}` : '';
    return { summary: `${checks.map(({ evidence }) => evidence).join('; ')}${note}`, checks };
  });
}

/** As the step before has just written it; the manifest with its digest comes later. Failure: CatalogueRefused. */
async function expectedSetOf({ catalogue }: OpenPlatform, point: RecoveryPointId, store: StoreName) {
  const bytes = await catalogue.findObject(point, expectedSetObject(store));
  if (bytes !== undefined) return decodeJson(bytes) as ExpectedSet;
  throw new Failure('CatalogueRefused', {
    message: `The expected set of ${store} in ${point} has disappeared from the catalogue`,
    remedy: 'Find out who deletes objects of the catalogue while a backup runs, then take the backup again',
  });
}

/** Missing files matter more than what Elasticsearch reports about them. */
function kindOf(failure: Failure | undefined, sampled: Sampled): FailureKind {
  if ('check' in sampled && sampled.check.verdict !== 'pass') return 'RepositoryCorrupted';
  return failure?.kind ?? 'VerificationFailed';
}

/** A server that is out of reach is left to the next attempt; everything else is a finding. */
function failedSnapshot(store: string, failure: Failure): Check {
  if (failure.kind.endsWith('Unreachable')) throw failure;
  return failed(`snapshot ${store}`, failure.message, failure.remedy);
}

type Sampled = { check: Check } | { note: string };

/**
 * Looks for files in the bucket, where it can be listed. Where it cannot, that is a warning: Elasticsearch has read each
 * shard's own file, and a restore would find the bucket out of reach as well.
 */
async function sampleFiles(
  open: OpenPlatform,
  store: ElasticsearchStore,
  expected: ExpectedSet,
  { signal }: Watch,
): Promise<Sampled> {
  const files = open.platform.backup.sampledFiles;
  if (files === 0) return { note: 'The files in the bucket were not checked (backup.sampledFiles is 0)' };
  const observation = await observe(async () => {
    const bucket = await openBucket(open, store);
    if ('unseen' in bucket) return { note: `The files in the bucket were not checked: ${bucket.unseen}` };
    const { storage, where } = bucket;
    const index = await readRepositoryIndex(storage);
    if (!index.snapshots.some(({ name }) => name === expected.snapshot))
      return {
        check: failed(
          `files ${store.name}`,
          `The index of the repository in ${where} (index-${index.generation}) does not list ${expected.snapshot}`,
          corruptedRemedy,
        ),
      };
    const found = await observeFiles(storage, index, expected.snapshot, heldIndices(expected), { files, signal });
    return { check: checkFiles(expected, where, found, corruptedRemedy) };
  });
  if ('seen' in observation) return observation.seen;
  if ('unseen' in observation) return { note: `The files in the bucket were not checked: ${observation.unseen}` };
  const { kind, message, remedy } = observation.failure;
  if (kind === 'RepositoryCorrupted') return { check: failed(`files ${store.name}`, message, remedy) };
  return {
    check: warned(
      `files ${store.name}`,
      `The files of ${expected.snapshot} were not checked, since the bucket cannot be read from here: ${message}`,
      remedy,
    ),
  };
}
