import type { RedisDatabase, RedisExpectedSet } from '../../domain/redis/expected.ts';
import { Failure } from '../../domain/failures.ts';
import type { Pieces } from '../streams/pieces.ts';
import { byte, length, moduleValues, text, UnknownFormat, valueTypes, type Reading, type Wish } from './rdb-values.ts';

export type Counted = RedisExpectedSet['databases'];

/**
 * Passes an RDB on, and nothing that is behind it, such as the mark that redis-cli leaves at the end; counts the keys meanwhile.
 * `onEnd`: with undefined when it holds what cannot be counted; then all that comes is passed on. Failure: ContainerFailed when it
 * ends in its middle, or is none.
 */
export async function* counting(pieces: Pieces, onEnd: (counted: Counted) => void): AsyncGenerator<Uint8Array> {
  const databases: Record<string, RedisDatabase> = {};
  const reading = rdb(databases);
  const state: State = { wish: reading.next().value as Wish, gathered: [], gatheredBytes: 0 };
  let known = true;
  let ended = false;
  for await (const piece of pieces) {
    // Read to its end, so that its source is known to have succeeded.
    if (ended) continue;
    if (!known) {
      yield piece;
      continue;
    }
    try {
      const used = advance(reading, state, Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
      ended = used !== undefined;
      yield ended ? piece.subarray(0, used) : piece;
    } catch (error) {
      if (!(error instanceof UnknownFormat)) throw error;
      known = false;
      yield piece;
    }
  }
  if (known && !ended)
    throw new Failure('ContainerFailed', {
      message: 'The copy of the data that Redis sent ends in its middle',
      remedy: 'Look at the log of the container for why it stopped sending, then retry',
    });
  onEnd(known ? databases : undefined);
}

interface State {
  wish: Wish;
  /** Of a `take` that is not complete. */
  gathered: Buffer[];
  gatheredBytes: number;
}

/** Returns how much of the piece belongs to the RDB, when it ends there. */
function advance(reading: Reading<void>, state: State, piece: Buffer): number | undefined {
  let at = 0;
  for (;;) {
    const { wish } = state;
    if ('skip' in wish) {
      const skipped = Math.min(wish.skip, piece.length - at);
      at += skipped;
      if (skipped < wish.skip) {
        state.wish = { skip: wish.skip - skipped };
        return undefined;
      }
    } else {
      const part = piece.subarray(at, at + wish.take - state.gatheredBytes);
      at += part.length;
      state.gathered.push(part);
      state.gatheredBytes += part.length;
      if (state.gatheredBytes < wish.take) {
        // The piece may be used again by whoever gave it.
        state.gathered = [Buffer.concat(state.gathered)];
        return undefined;
      }
    }
    const answer = 'take' in wish ? Buffer.concat(state.gathered) : Buffer.alloc(0);
    state.gathered = [];
    state.gatheredBytes = 0;
    const next = reading.next(answer);
    if (next.done === true) return at;
    state.wish = next.value;
  }
}

const opcodes = {
  slotInfo: 0xf4,
  functions: 0xf5,
  moduleAux: 0xf7,
  idle: 0xf8,
  frequency: 0xf9,
  aux: 0xfa,
  sizes: 0xfb,
  expiryMilliseconds: 0xfc,
  expirySeconds: 0xfd,
  database: 0xfe,
  end: 0xff,
} as const;

function* rdb(databases: Record<string, RedisDatabase>): Reading<void> {
  const header = (yield { take: 9 }).toString('latin1');
  if (!/^(REDIS\d{4}|VALKEY\d{3})$/.test(header))
    throw new Failure('ContainerFailed', {
      message: 'What Redis sent does not begin as a copy of its data does',
      remedy: 'Run "redis-cli --rdb -" in the container by hand to see what it says',
    });
  let number = 0;
  let expires = false;
  for (;;) {
    const code = yield* byte();
    switch (code) {
      case opcodes.end:
        yield { skip: 8 };
        return;
      case opcodes.database:
        number = (yield* length()).value;
        break;
      case opcodes.expiryMilliseconds:
        yield { skip: 8 };
        expires = true;
        break;
      case opcodes.expirySeconds:
        yield { skip: 4 };
        expires = true;
        break;
      case opcodes.aux:
        yield* text();
        yield* text();
        break;
      case opcodes.sizes:
        yield* length();
        yield* length();
        break;
      case opcodes.slotInfo:
        for (let index = 0; index < 3; index++) yield* length();
        break;
      case opcodes.functions:
        yield* text();
        break;
      case opcodes.idle:
        yield* length();
        break;
      case opcodes.frequency:
        yield { skip: 1 };
        break;
      case opcodes.moduleAux:
        for (let index = 0; index < 3; index++) yield* length();
        yield* moduleValues();
        break;
      default: {
        const type = valueTypes[code];
        if (type === undefined) throw new UnknownFormat(`the type ${code}`);
        yield* text();
        yield* type.read();
        const database = (databases[number] ??= { persistent: {}, expiring: 0 });
        if (expires) database.expiring += 1;
        else database.persistent[type.name] = (database.persistent[type.name] ?? 0) + 1;
        expires = false;
      }
    }
  }
}
