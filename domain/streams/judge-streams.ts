import { failed, passed, type Check } from '../checks.ts';
import type { CommandExpectedSet } from '../command/expected.ts';
import { commandShrinkage, commandWords } from '../command/shrinkage.ts';
import type { EtcdExpectedSet } from '../etcd/expected.ts';
import { etcdShrinkage } from '../etcd/shrinkage.ts';
import { listed } from '../listed.ts';
import type { MysqlExpectedSet } from '../mysql/expected.ts';
import { mysqlRows, mysqlShrinkage } from '../mysql/shrinkage.ts';
import type { PlatformName, StoreName } from '../platform.ts';
import type { PostgresExpectedSet } from '../postgres/expected.ts';
import { postgresShrinkage, rowsOf } from '../postgres/shrinkage.ts';
import { acceptCommand } from '../recovery-points/judge-content.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';
import type { MayShrink } from '../recovery-points/shrinkage.ts';
import type { RedisExpectedSet } from '../redis/expected.ts';
import { keysOf, redisShrinkage } from '../redis/shrinkage.ts';
import type { StreamedStoreKind } from '../store-kinds.ts';
import type { VolumeExpectedSet } from '../volume/expected.ts';
import { volumeShrinkage, volumeWords } from '../volume/shrinkage.ts';

/** What a point holds of a store of streams. */
export interface StreamContent {
  store: StoreName;
  kind: StreamedStoreKind;
  expected: unknown;
}

/** By kind: what a set holds, in words, and what it holds less than an earlier one. */
const kinds: {
  [K in StreamedStoreKind]: {
    words: (now: unknown) => string;
    less: (before: unknown, now: unknown, percent: number) => string[];
  };
} = {
  postgres: {
    words: (now) => {
      const set = now as PostgresExpectedSet;
      return `${set.databases.length} databases with ${rowsOf(set)} rows`;
    },
    less: (before, now, percent) =>
      postgresShrinkage(before as PostgresExpectedSet, now as PostgresExpectedSet, percent),
  },
  mysql: {
    words: (now) => {
      const set = now as MysqlExpectedSet;
      return `${set.databases.length} databases with ${mysqlRows(set)} rows`;
    },
    less: (before, now, percent) => mysqlShrinkage(before as MysqlExpectedSet, now as MysqlExpectedSet, percent),
  },
  etcd: {
    words: (now) => `${(now as EtcdExpectedSet).keys} keys`,
    less: (before, now, percent) => etcdShrinkage(before as EtcdExpectedSet, now as EtcdExpectedSet, percent),
  },
  redis: {
    words: (now) => `${keysOf(now as RedisExpectedSet)} keys that stay`,
    less: (before, now, percent) => redisShrinkage(before as RedisExpectedSet, now as RedisExpectedSet, percent),
  },
  volume: {
    words: (now) => volumeWords(now as VolumeExpectedSet),
    less: (before, now, percent) => volumeShrinkage(before as VolumeExpectedSet, now as VolumeExpectedSet, percent),
  },
  command: {
    words: (now) => commandWords(now as CommandExpectedSet),
    less: (before, now, percent) => commandShrinkage(before as CommandExpectedSet, now as CommandExpectedSet, percent),
  },
};

/**
 * Whether a new recovery point holds as much of a store as the good one before it; one that does not is suspect. The limit is that
 * of all names (`*`): patterns are of indices.
 */
export function judgeStreams(
  { platform, point, mayShrink }: { platform: PlatformName; point: RecoveryPointId; mayShrink: MayShrink },
  { store, kind, expected }: StreamContent,
  before: { point: RecoveryPointId; streams: readonly StreamContent[] },
): Check {
  const name = `content ${store}`;
  const held = before.streams.find((content) => content.store === store);
  const words = kinds[kind].words(expected);
  if (held === undefined) return passed(name, `${words}; ${before.point} holds no store of this name to compare with`);
  const less = kinds[kind].less(held.expected, expected, mayShrink['*'] ?? 0);
  if (less.length === 0) return passed(name, `${words}: no less than ${before.point} allows for`);
  return failed(
    name,
    `${point} is suspect, since ${before.point} holds more: ${listed(less)}`,
    `Find out where the data went; until then a restore takes ${before.point} or an older point; if ${point} holds what it should, accept it: ${acceptCommand(platform, point)}`,
  );
}
