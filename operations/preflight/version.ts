import { failed, passed, type Check } from '../../domain/checks.ts';
import { inconclusive } from '../observation.ts';
import type { StoreSeen } from './observe-store.ts';

/** A snapshot is restored by the same or a later version, of the same or the next major. */
export function checkVersion(observed: StoreSeen): Check {
  const { store, expected } = observed;
  const name = `version ${store.name}`;
  const snapshot = expected.elasticsearchVersion;
  const found = versionOf(observed);
  if (found === undefined)
    return inconclusive(
      name,
      `Elasticsearch does not answer and its image does not name its version; the snapshot is of ${snapshot}`,
      'Start Elasticsearch, or use an image with a version as its tag',
    );
  const { version, by } = found;
  const evidence = `${by} ${version}, the snapshot is of ${snapshot}`;
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

/**
 * What a server said counts first, then what an earlier preflight accepted, so that nothing is refused after the stop
 * that was accepted before it. The image's labels come last: build tools stamp versions of their own on derived images.
 */
export function versionOf(observed: StoreSeen): { version: string; by: string } | undefined {
  const { elasticsearch, versionBefore, createdFromPoint, expected, imageVersion } = observed;
  if ('seen' in elasticsearch) {
    const { from, identity } = elasticsearch.seen;
    return { version: identity.version, by: from === 'living' ? 'Elasticsearch is' : 'Its image starts' };
  }
  if (versionBefore !== undefined) return { version: versionBefore, by: 'Before, Elasticsearch was' };
  if (createdFromPoint) return { version: expected.elasticsearchVersion, by: 'At the backup its image started' };
  const version = 'seen' in imageVersion ? imageVersion.seen : undefined;
  return version === undefined ? undefined : { version, by: 'By its labels the image holds' };
}

function partsOf(version: string): number[] {
  return (version.split('-')[0] ?? '').split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0));
  return at === undefined ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
