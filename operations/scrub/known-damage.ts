import { failed, type Check } from '../../domain/checks.ts';
import { scrubName } from '../../domain/bases.ts';
import { storesOfKind } from '../../domain/platform.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { ExpectedSet } from '../../domain/recovery-points/recovery-point.ts';
import { heldIndices } from '../../domain/recovery-points/expected-set.ts';
import { describeDamage, type Damage } from '../../domain/scrub/damage.ts';
import type { RepositoryFile } from '../../systems/elasticsearch/repository/repository-files.ts';
import { rootFiles } from '../../systems/elasticsearch/repository/root-files.ts';
import { observe } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { openScrubbedBucket } from './bucket.ts';
import { eachShard, lookAt } from './look.ts';
import { markBad } from './mark-points.ts';

/**
 * Elasticsearch does not read again what it has stored before: a new snapshot refers to a file that is damaged, and is
 * reported as good. What scrubs have found damaged is compared with what the new point refers to; when that is among it, the
 * point is marked bad before it is published, and the check fails. What cannot be read now is left to the scrub that follows.
 */
export async function markKnownDamage(
  open: OpenPlatform,
  id: RecoveryPointId,
  sets: readonly ExpectedSet[],
  run: string,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const store of storesOfKind(open.platform, 'elasticsearch')) {
    const set = sets.find((each) => each.store === store.name);
    const name = scrubName(store.name, store.base);
    const known = await observe(() => open.catalogue.readScrub(name));
    const damages = 'seen' in known ? known.seen.damages : [];
    if (set === undefined || damages.length === 0) continue;
    const found = await observe(async () => {
      const bucket = await openScrubbedBucket(open, store);
      if ('unseen' in bucket || ('seen' in known && known.seen.place !== bucket.place)) return [];
      const keys = new Map(damages.map((damage) => [damage.key, damage]));
      const look = await lookAt(bucket, [{ id, snapshot: set.snapshot, indices: heldIndices(set) }]);
      const hit: Damage[] = [];
      const indices = new Set(damages.map(({ index }) => index));
      const shards = look.shards.filter(({ index }) => indices.has(index));
      const compare = (files: readonly RepositoryFile[]) => {
        for (const { key, points } of files) {
          const damage = points.length > 0 ? keys.get(key) : undefined;
          if (damage) hit.push({ ...damage, points: [...damage.points, id] });
        }
      };
      compare(rootFiles(look.repository, look.points));
      await eachShard(bucket, look, shards, ({ files }) => compare(files));
      return hit;
    });
    const hit = 'seen' in found ? found.seen : [];
    const [first] = hit;
    if (first === undefined) continue;
    await markBad(open, name, id, hit, run);
    checks.push(
      failed(
        `scrubbed ${store.name}`,
        `${id} is bad: it refers to files that a scrub has found damaged, first ${describeDamage(first)}`,
        `Put the files back and run "rekindle scrub ${open.platform.platform} --all", or let new snapshots begin in another base_path: backup.onDamage: newBase`,
      ),
    );
  }
  return checks;
}
