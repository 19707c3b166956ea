import { isShrunk } from '../streams/counts.ts';
import type { EtcdExpectedSet } from './expected.ts';

/** What a backup holds less than the one before, a sentence each; none: all is as it should be. */
export function etcdShrinkage(
  before: Pick<EtcdExpectedSet, 'keys'>,
  now: Pick<EtcdExpectedSet, 'keys'>,
  mayShrinkPercent: number,
): string[] {
  return isShrunk(before.keys, now.keys, mayShrinkPercent) ? [`it has ${now.keys} keys, of ${before.keys}`] : [];
}
