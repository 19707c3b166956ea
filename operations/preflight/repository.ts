import { failed, passed, warned, type Check } from '../../domain/checks.ts';
import { listed } from '../../domain/listed.ts';
import type { ExpectedSet } from '../../domain/recovery-points/recovery-point.ts';
import { isOutOfReach, type BucketSeen } from '../repository/observe-bucket.ts';
import type { ElasticsearchSeen, SnapshotSeen } from './observe-elasticsearch.ts';
import { checkOfFailure, inconclusive, type Observation } from '../observation.ts';
import type { StoreSeen } from './observe-store.ts';

const another = 'Choose another recovery point';

/**
 * The chosen snapshot, whole: SUCCESS, with every index and shard of the expected set. In the bucket itself, and through
 * Elasticsearch. A bucket that only Elasticsearch can read is a warning: it is Elasticsearch that restores. What neither
 * can see is inconclusive; undefined: only a scratch Elasticsearch could, and none was wanted.
 */
export function checkRepository({ store, expected, bucket, elasticsearch }: StoreSeen): Check | undefined {
  const name = `repository ${store.name}`;
  const lacks = 'seen' in elasticsearch ? elasticsearch.seen.lacks : undefined;
  const through = checkOf(name, elasticsearch, (seen) =>
    checkOf(name, seen.snapshot, (snapshot) =>
      throughElasticsearch(name, lacks === undefined ? seen.from : 'scratch', snapshot, expected),
    ),
  );
  if (through?.verdict === 'pass' && isOutOfReach(bucket))
    return warned(
      name,
      `${through.evidence}; its files were not checked, since the bucket cannot be read from here: ${bucket.failure.message}`,
      bucket.failure.remedy,
    );
  const both = [checkOf(name, bucket, (seen) => inBucket(name, seen, expected)), through];
  const checks = both.filter((check) => check !== undefined);
  const bad = checks.filter(({ verdict }) => verdict !== 'pass');
  if (bad.length > 0) {
    const evidence = [...new Set(bad.map(({ evidence }) => evidence))].join('; ');
    return failed(name, evidence, bad[0]?.remedy ?? another);
  }
  const found = checks.map(({ evidence }) => evidence).join('; ');
  if (checks.length > 0 && lacks !== undefined)
    return warned(
      name,
      `${found}; the living Elasticsearch cannot read it now, and the restore gives it what it lacks: ${lacks}`,
      'Backups fail until then: give every node the secrets of the store, or take a backup, which gives them too',
    );
  if (checks.length > 0) return passed(name, found);
  if ('omitted' in elasticsearch || lacks !== undefined) return undefined;
  const why = [bucket, elasticsearch, ...('seen' in elasticsearch ? [elasticsearch.seen.snapshot] : [])];
  return inconclusive(
    name,
    why.flatMap((observation) => ('unseen' in observation ? [observation.unseen] : [])).join('; '),
    'For an s3 repository put its secrets into the platform file; otherwise start Elasticsearch with the repository registered',
  );
}

function checkOf<T>(
  name: string,
  observation: Observation<T>,
  check: (seen: T) => Check | undefined,
): Check | undefined {
  if ('failure' in observation) return checkOfFailure(name, observation.failure);
  return 'seen' in observation ? check(observation.seen) : undefined;
}

function inBucket(name: string, { where, snapshots, content }: BucketSeen, expected: ExpectedSet): Check {
  const found = snapshots.find((snapshot) => snapshot.name === expected.snapshot);
  if (!found || !content)
    return failed(
      name,
      `${expected.snapshot} is not in ${where}, which holds ${snapshots.length} snapshots`,
      `${another}; the snapshot of this one was deleted from the repository`,
    );
  if (found.state !== 'SUCCESS') return failed(name, `${expected.snapshot} is ${found.state} in ${where}`, another);
  if (content.faults.length > 0)
    return failed(
      name,
      `${expected.snapshot} in ${where} is incomplete: ${listed(content.faults)}`,
      `${another}; files of this one were deleted from the bucket or damaged`,
    );
  const indices = expected.indices.length;
  return passed(
    name,
    `${expected.snapshot} is in ${where}: SUCCESS, ${indices} of ${indices} indices, ${content.seen}`,
  );
}

function throughElasticsearch(
  name: string,
  from: ElasticsearchSeen['from'],
  { state, indices, shards }: SnapshotSeen,
  expected: ExpectedSet,
): Check {
  const by = from === 'living' ? 'Elasticsearch reads it' : 'A scratch Elasticsearch of its image reads it';
  if (state !== 'SUCCESS') return failed(name, `${by}: ${expected.snapshot} is ${state}`, another);
  const lost = expected.indices.flatMap((index) => {
    if (!indices.includes(index.name)) return [`the index ${index.name}`];
    const there = shards[index.name] ?? 0;
    return there < index.primaries ? [`${index.primaries - there} of ${index.primaries} shards of ${index.name}`] : [];
  });
  if (lost.length > 0) return failed(name, `${by}: ${expected.snapshot} lacks ${listed(lost)}`, another);
  const all = expected.indices.reduce((sum, { primaries }) => sum + primaries, 0);
  return passed(name, `${by}: SUCCESS, ${indices.length} indices, ${all} of ${all} shards`);
}
