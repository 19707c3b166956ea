import { failed, passed, type Check } from '../../domain/checks.ts';
import { listed } from '../../domain/listed.ts';
import { trialPrefix } from '../../systems/elasticsearch/repository/prove-writable.ts';
import { checkOfFailure, inconclusive } from '../observation.ts';
import type { StoreSeen } from './observe-store.ts';

/**
 * Two clusters that write to one repository corrupt it. The repository's index names the cluster that wrote it last: one
 * that neither lives here nor took a recent recovery point, together with snapshots that the catalogue does not know, is
 * a second writer. undefined: only a scratch Elasticsearch could list the snapshots, and none was wanted.
 */
export function checkWriters({ store, bucket, elasticsearch, known }: StoreSeen): Check | undefined {
  const name = `writers ${store.name}`;
  if (!('seen' in known)) return 'failure' in known ? checkOfFailure(name, known.failure) : undefined;
  const names = namesOf(bucket, elasticsearch);
  if (names === undefined) {
    const lacks = 'seen' in elasticsearch && elasticsearch.seen.lacks !== undefined;
    if (('omitted' in elasticsearch || lacks) && !('failure' in bucket)) return undefined;
    return inconclusive(
      name,
      'Neither the bucket nor Elasticsearch shows the snapshots of the repository',
      `See the check "repository ${store.name}"`,
    );
  }
  const unknown = names.filter((each) => !known.seen.snapshots.has(each) && !each.startsWith(trialPrefix));
  const counted = `${names.length} snapshots, ${unknown.length} of them not in the catalogue`;
  const writer = 'seen' in bucket ? bucket.seen.writer : undefined;
  if (writer === undefined) {
    if ('seen' in bucket) return passed(name, `The repository does not record which cluster wrote it last; ${counted}`);
    if (unknown.length === 0)
      return passed(name, `Without the bucket it is not known which cluster wrote last, but ${counted}`);
    return inconclusive(
      name,
      `${counted} (${listed(unknown)}), and without the bucket it is not known who wrote them`,
      'Find out who took them; every cluster but this one must register the repository with readonly: true',
    );
  }
  const living =
    'seen' in elasticsearch && elasticsearch.seen.from === 'living' ? elasticsearch.seen.identity : undefined;
  if (writer === living?.clusterUuid) return passed(name, `Last written by this cluster (${writer}); ${counted}`);
  if (known.seen.clusters.has(writer))
    return passed(name, `Last written by the cluster of recent recovery points (${writer}); ${counted}`);
  if (unknown.length === 0) return passed(name, `Last written by an unknown cluster (${writer}), but ${counted}`);
  return failed(
    name,
    `Last written by the cluster ${writer}, which is not this platform's; ${counted}: ${listed(unknown)}`,
    'Find that cluster and register the repository there with readonly: true, or give it another bucket or base_path',
  );
}

function namesOf(bucket: StoreSeen['bucket'], elasticsearch: StoreSeen['elasticsearch']): string[] | undefined {
  if ('seen' in bucket) return bucket.seen.snapshots.map(({ name }) => name);
  const names = 'seen' in elasticsearch ? elasticsearch.seen.names : undefined;
  return names && 'seen' in names ? names.seen : undefined;
}
