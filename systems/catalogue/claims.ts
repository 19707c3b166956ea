import { claimName, idOfRound, isOf, type PointOwner } from '../../domain/recovery-points/claims.ts';
import { pointObjectKey } from '../../domain/recovery-points/catalogue-keys.ts';
import { Failure } from '../../domain/failures.ts';
import type { PlatformName } from '../../domain/platform.ts';
import { recoveryPointId, type RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';
import { readPointKeys, type PointKeys } from './point-keys.ts';

/** With each round the seconds to choose from double; two writers need two or three. */
const mostRounds = 40;

export interface ClaimRequest {
  owner: PointOwner;
  /** When the work begins, to the millisecond; ISO 8601, UTC. No two attempts of one owner begin at the same. */
  at: string;
  /** Ids that are in use elsewhere, in a repository for instance. */
  taken?: ReadonlySet<RecoveryPointId>;
  /** 0 to below 1. */
  random?: () => number;
}

/**
 * An id that this owner alone may write under, also when other orchestrators ask for one at the same moment: each writes
 * its claim, then lists, and who sees anything of somebody else's withdraws. Of two, the one that listed last saw the
 * other, so never both keep it; both may withdraw and try the next id. Needs listings that show every object written
 * before they began. A repeated attempt gets the id that an earlier one claimed. Failures: the storage's;
 * CatalogueRefused when no id could be had.
 */
export async function claimPoint(
  storage: ObjectStorage,
  platform: PlatformName,
  { owner, at, taken = new Set(), random = Math.random }: ClaimRequest,
): Promise<RecoveryPointId> {
  const yesterday = new Date(Date.parse(at) - 86_400_000).toISOString();
  // Attempts of one run follow each other at once; older ids are not asked for, and no list of years is read.
  const { points } = await readPointKeys(storage, platform, { after: recoveryPointId(yesterday, new Set()) });
  for (const [id, keys] of points)
    if (onlyClaimsOf(owner, keys) && (await tryClaim(storage, platform, id, { owner, at }))) return id;
  for (let round = 0; round < mostRounds; round++) {
    const id = idOfRound(at, round, random());
    if (!points.has(id) && !taken.has(id) && (await tryClaim(storage, platform, id, { owner, at }))) return id;
  }
  throw new Failure('CatalogueRefused', {
    message: `No free id for a recovery point of ${platform} was found in ${storage.description} in ${mostRounds} attempts`,
    remedy:
      'Find out who else writes recovery points of this platform (the objects claim~… name them), then start the backup again',
  });
}

/** Whether the id is this owner's alone now. If not, no claim of this attempt is left. */
export async function tryClaim(
  storage: ObjectStorage,
  platform: PlatformName,
  id: RecoveryPointId,
  { owner, at }: Pick<ClaimRequest, 'owner' | 'at'>,
): Promise<boolean> {
  const key = pointObjectKey(platform, id, claimName({ ...owner, at }));
  await storage.put(key, new Uint8Array());
  const keys = (await readPointKeys(storage, platform, { only: [id] })).points.get(id);
  if (keys && onlyClaimsOf(owner, keys)) return true;
  // This attempt's own key only: a later attempt of the same run may rely on its own.
  await storage.delete(key);
  return false;
}

function onlyClaimsOf(owner: PointOwner, { claims, keys }: PointKeys): boolean {
  return claims.length === keys.length && claims.every((claim) => isOf(claim, owner));
}
