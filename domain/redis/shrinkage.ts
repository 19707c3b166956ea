import { isShrunk } from '../streams/counts.ts';
import type { RedisExpectedSet } from './expected.ts';

/** Of those that do not expire; 0 when they were not counted. */
export const keysOf = ({ databases = {} }: Pick<RedisExpectedSet, 'databases'>): number =>
  Object.values(databases)
    .flatMap(({ persistent }) => Object.values(persistent))
    .reduce((sum, count) => sum + count, 0);

/**
 * What a backup holds less than the one before, a sentence each; none: all is as it should be. Keys that expire by themselves do
 * not count, and a backup that was not counted is not measured.
 */
export function redisShrinkage(
  before: Pick<RedisExpectedSet, 'databases'>,
  now: Pick<RedisExpectedSet, 'databases'>,
  mayShrinkPercent: number,
): string[] {
  if (before.databases === undefined || now.databases === undefined) return [];
  const [then, left] = [keysOf(before), keysOf(now)];
  return isShrunk(then, left, mayShrinkPercent) ? [`it has ${left} keys that stay, of ${then}`] : [];
}
