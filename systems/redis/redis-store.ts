import { compareRedis } from '../../domain/redis/compare.ts';
import { redisChecks, redisRestoreChecks } from '../../domain/redis/compatibility.ts';
import type { RedisExpectedSet } from '../../domain/redis/expected.ts';
import { isKept, putBackKept, releaseKept } from '../docker/exchange/exchange.ts';
import type { StreamStore, Taken, WritePart } from '../streams/stream-store.ts';
import { explainedOutput, observeServer, redisCli, type RedisAccess } from './access.ts';
import { counting, type Counted } from './rdb.ts';
import { answers, awaitAnswer, exchangedOf, restoreRedis } from './restore.ts';

export const dataPart = 'data';

/** Redis as a store of streams: one copy of all databases, as a replica gets it. */
export function redisStore(access: RedisAccess): StreamStore<RedisExpectedSet> {
  const { store, container, files } = access;
  return {
    async check(expected, { signal }) {
      const server = await observeServer(access, signal);
      return expected ? redisRestoreChecks(expected, server, files) : redisChecks(store, server, files);
    },
    answers: ({ signal }) => answers(access, signal),
    async inventory({ signal }) {
      return { [dataPart]: (await observeServer(access, signal)).usedMemory };
    },
    backUp: (write, { signal }) => backUpRedis(access, write, signal),
    order: (parts) => [...parts],
    async restore(part, pieces, run, watch) {
      if (part !== dataPart) throw new Error(`Redis has no part ${part}`);
      await restoreRedis(access, pieces, run, watch);
    },
    async compare(expected, { signal }) {
      const copy = copyOf(access, signal);
      // Nothing of it is kept but the counts.
      for await (const _ of copy.pieces);
      return compareRedis(expected, copy.counted());
    },
    async putBack(_, run, watch) {
      const exchanged = exchangedOf(access, run);
      if (await isKept(exchanged, watch)) await container.stop(watch);
      // Also where nothing was kept: what an attempt made ready is removed.
      await putBackKept(exchanged, watch);
      await container.start(watch);
      await awaitAnswer(access, watch);
    },
    async release(_, run, watch) {
      await releaseKept(exchangedOf(access, run), watch);
    },
  };
}

/** Failures: WrongCredentials, ServiceUnhealthy, ContainerFailed; those of `write`. */
async function backUpRedis(
  access: RedisAccess,
  write: WritePart,
  signal: AbortSignal | undefined,
): Promise<Taken<RedisExpectedSet>> {
  const { serverVersion, usedMemory } = await observeServer(access, signal);
  const from = new Date().toISOString();
  const copy = copyOf(access, signal);
  await write({
    part: dataPart,
    compression: 'gzip',
    what: `The copy of the data of ${access.store}`,
    pieces: copy.pieces,
    expectedBytes: usedMemory,
  });
  const databases = copy.counted();
  return {
    expected: { version: 1, store: access.store, serverVersion, ...(databases && { databases }) },
    // The server forks, which is the moment, before it sends anything.
    moment: { from, to: copy.begunAt() ?? from },
  };
}

/** All data as of one moment, counted while it is read; nothing is written in the container or by its server. */
function copyOf(access: RedisAccess, signal: AbortSignal | undefined) {
  const what = `The copy of the data of ${access.store}`;
  const output = access.container.outputOf(redisCli(access, { words: ['--rdb', '-'], what }), {
    ...(signal && { signal }),
  });
  const state: { begunAt?: string; counted?: Counted } = {};
  async function* noting(): AsyncGenerator<Uint8Array> {
    for await (const piece of output) {
      state.begunAt ??= new Date().toISOString();
      yield piece;
    }
  }
  return {
    pieces: explainedOutput(
      access,
      counting(noting(), (counted) => {
        if (counted) state.counted = counted;
      }),
    ),
    begunAt: () => state.begunAt,
    counted: () => state.counted,
  };
}
