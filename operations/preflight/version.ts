import { failed, passed, type Check } from '../../domain/checks.ts';
import { createdWith } from '../../domain/recovery-points/expected-set.ts';
import { checkCreated, faultOfVersions, majorOf } from '../../domain/versions.ts';
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
  const fault = faultOfVersions(snapshot, version);
  const major = majorOf(snapshot);
  // Past the stop a refusal would come too late, so no older patch is tried.
  if (fault === 'older' || fault === 'older patch')
    return failed(
      name,
      `${evidence}: it is older`,
      `Use an image of Elasticsearch ${snapshot} or later, at most ${major + 1}.x`,
    );
  if (fault === 'apart')
    return failed(
      name,
      `${evidence}: they are more than one major version apart`,
      `Use an image of ${major}.x or ${major + 1}.x`,
    );
  return passed(name, evidence);
}

/** An index of the major before the snapshot's own is refused by the next one. Points of earlier backups do not tell. */
export function checkCreatedVersions(observed: StoreSeen): Check | undefined {
  const { store, expected } = observed;
  const found = versionOf(observed);
  const created = createdWith(expected);
  if (found === undefined || created === undefined) return undefined;
  const otherwise = `use an image of Elasticsearch ${majorOf(expected.elasticsearchVersion)}.x`;
  return checkCreated(`created versions ${store.name}`, created, found.version, otherwise);
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
