import { passed, warned, type Check } from '../../domain/checks.ts';
import { threatsTo } from '../../domain/recovery-points/lifecycle-rules.ts';
import { storesOfKind } from '../../domain/platform.ts';
import { readLifecycle } from '../../systems/object-storage/lifecycle.ts';
import type { S3Options } from '../../systems/object-storage/s3.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { repositoryBucket, type BucketAccess } from '../repository/bucket-location.ts';
import { observe } from '../observation.ts';

/**
 * Whether the buckets' own rules let objects of the repositories or the catalogue expire: snapshots share files, and
 * none of them notices that one is gone. A warning, since what is there now can be restored. Rules that cannot be read
 * make no check; a server that does not answer is reported by the other checks.
 */
export async function checkLifecycles(
  open: BucketAccess & Pick<OpenPlatform, 'platform' | 'catalogueBucket'>,
): Promise<Check[]> {
  const places: [name: string, what: string, place: () => Promise<S3Options | undefined>][] = [
    ...storesOfKind(open.platform, 'elasticsearch').map((store): (typeof places)[number] => [
      `lifecycle ${store.name}`,
      'the repository',
      () => repositoryBucket(open, store),
    ]),
    ['lifecycle catalogue', 'the catalogue', () => open.catalogueBucket()],
  ];
  const checks = await Promise.all(
    places.map(async ([name, what, find]) => {
      const observation = await observe(async () => {
        const place = await find();
        const rules = place && (await readLifecycle(place));
        return rules && { place, rules };
      });
      return 'seen' in observation && observation.seen
        ? checkOf(name, what, observation.seen.place, observation.seen.rules)
        : [];
    }),
  );
  return checks.flat();
}

function checkOf(
  name: string,
  what: string,
  { bucket, prefix }: S3Options,
  rules: NonNullable<Awaited<ReturnType<typeof readLifecycle>>>,
): Check {
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const threats = threatsTo(folder, rules);
  if (threats.length === 0)
    return passed(name, `No rule of the bucket ${bucket} (${rules.length}) lets objects of ${what} expire`);
  return warned(
    name,
    `In the bucket ${bucket}, ${threats.join('; ')}: that deletes files of ${what} unnoticed`,
    `Exclude ${folder === '' ? 'this bucket' : `the prefix ${folder}`} from the rule; "backup.retention" and "rekindle prune" remove whole recovery points`,
  );
}
