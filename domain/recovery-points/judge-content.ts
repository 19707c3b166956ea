import { failed, passed, type Check } from '../checks.ts';
import { listed } from '../listed.ts';
import type { PlatformName } from '../platform.ts';
import { isCounted, leastDocuments } from './expected-set.ts';
import type { ExpectedSet, RecoveryPointId } from './recovery-point.ts';
import { shrinkage, type MayShrink } from './shrinkage.ts';

/** What a person types who knows that a suspect recovery point is as it should be. */
export function acceptCommand(platform: PlatformName, point: RecoveryPointId): string {
  return `rekindle accept ${platform} ${point} --reason "…"`;
}

/** Whether a new recovery point holds as much of a store as the good one before it; one that does not is suspect. */
export function judgeContent(
  { platform, point, mayShrink }: { platform: PlatformName; point: RecoveryPointId; mayShrink: MayShrink },
  now: Pick<ExpectedSet, 'store' | 'indices'>,
  before: { point: RecoveryPointId; indices: ExpectedSet['indices'] },
): Check {
  const name = `content ${now.store}`;
  const less = shrinkage(before.indices, now.indices, mayShrink);
  if (less.length === 0) {
    const documents = isCounted(now.indices) ? `, at least ${leastDocuments(now.indices)} documents` : '';
    return passed(name, `${now.indices.length} indices${documents}: no less than ${before.point} allows for`);
  }
  return failed(
    name,
    `${point} is suspect, since ${before.point} holds more: ${listed(less)}`,
    `Find out where the data went; until then a restore takes ${before.point} or an older point; if ${point} holds what it should, accept it: ${acceptCommand(platform, point)}`,
  );
}
