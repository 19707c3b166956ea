import { failed, passed, type Check } from '../../domain/checks.ts';
import { inconclusive } from '../observation.ts';
import type { StoreSeen } from './observe-store.ts';

/** A snapshot is restored by the same or a later version, of the same or the next major. */
export function checkVersion({ store, expected, elasticsearch, imageVersion }: StoreSeen): Check {
  const name = `version ${store.name}`;
  const snapshot = expected.elasticsearchVersion;
  const seen = 'seen' in elasticsearch ? elasticsearch.seen : undefined;
  const version = seen?.identity.version ?? ('seen' in imageVersion ? imageVersion.seen : undefined);
  if (version === undefined)
    return inconclusive(
      name,
      `Elasticsearch does not answer and its image does not name its version; the snapshot is of ${snapshot}`,
      'Start Elasticsearch, or use an image with a version as its tag',
    );
  const who = seen === undefined ? 'The image holds' : seen.from === 'living' ? 'Elasticsearch is' : 'Its image starts';
  const evidence = `${who} ${version}, the snapshot is of ${snapshot}`;
  const [runs, took] = [partsOf(version), partsOf(snapshot)];
  if (compare(runs, took) < 0)
    return failed(
      name,
      `${evidence}: it is older`,
      `Use an image of Elasticsearch ${snapshot} or later, at most ${(took[0] ?? 0) + 1}.x`,
    );
  if ((runs[0] ?? 0) > (took[0] ?? 0) + 1)
    return failed(
      name,
      `${evidence}: they are more than one major version apart`,
      `Use an image of ${took[0] ?? 0}.x or ${(took[0] ?? 0) + 1}.x`,
    );
  return passed(name, evidence);
}

function partsOf(version: string): number[] {
  return (version.split('-')[0] ?? '').split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0));
  return at === undefined ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
