import {
  leaseKey,
  leasesPrefix,
  nextEpoch,
  parseLeaseKey,
  chargeOf,
  type Lease,
} from '../../domain/orchestrators/lease.ts';
import { Failure } from '../../domain/failures.ts';
import type { PlatformName } from '../../domain/platform.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';

const mostRounds = 10;

/** Failures: those of the storage. */
export async function readLeases(storage: Pick<ObjectStorage, 'list'>, platform: PlatformName): Promise<Lease[]> {
  const leases: Lease[] = [];
  for await (const { key } of storage.list(leasesPrefix(platform))) {
    const lease = parseLeaseKey(platform, key);
    if (lease) leases.push(lease);
  }
  return leases.toSorted((a, b) => a.epoch - b.epoch);
}

/**
 * Puts an orchestrator in charge of a platform: from now on the one before it is retired. Of several that take over at the
 * same moment each writes, then lists, and withdraws when it sees another of its epoch or a higher one; so the one that
 * listed last sees the other, and never two stay. Repeated, it changes nothing. Needs listings that show every object
 * written before they began. Failures: PlatformBusy, those of the storage.
 */
export async function takeLease(
  storage: Pick<ObjectStorage, 'list' | 'put' | 'delete'>,
  platform: PlatformName,
  { orchestrator, at, random = Math.random }: { orchestrator: string; at: string; random?: () => number },
): Promise<Lease> {
  for (let round = 0; round < mostRounds; round++) {
    const before = await readLeases(storage, platform);
    const charge = chargeOf(before);
    if (charge.kind === 'one' && charge.lease.orchestrator === orchestrator) return charge.lease;
    const mine: Lease = { epoch: nextEpoch(before, round, random()), at, orchestrator };
    const key = leaseKey(platform, mine);
    await storage.put(key, new Uint8Array());
    const after = await readLeases(storage, platform);
    if (after.every((lease) => lease.epoch < mine.epoch || leaseKey(platform, lease) === key)) return mine;
    await storage.delete(key);
  }
  throw new Failure('PlatformBusy', {
    message: `Others are taking over ${platform} at the same moment; nothing was changed`,
    remedy: `See who is in charge with "rekindle orchestrator ${platform}", and take over again if it must be this one`,
  });
}
