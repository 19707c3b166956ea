import type { EtcdExpectedSet } from './expected.ts';

/** A few keys come and go: leases end. */
const fewKeys = 10;

/** What a backup holds less than the one before, a sentence each; none: all is as it should be. */
export function etcdShrinkage(
  before: Pick<EtcdExpectedSet, 'keys'>,
  now: Pick<EtcdExpectedSet, 'keys'>,
  mayShrinkPercent: number,
): string[] {
  const least = Math.floor((before.keys * (100 - mayShrinkPercent)) / 100);
  return before.keys - now.keys > fewKeys && now.keys < least ? [`it has ${now.keys} keys, of ${before.keys}`] : [];
}
