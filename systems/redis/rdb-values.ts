// What Redis calls RDB, as far as it must be read to be counted: how long each value is. Numbers are those of rdb.h.

/** So many bytes are wanted, or are of no interest. */
export type Wish = { take: number } | { skip: number };
/** Each `take` is answered with the bytes. */
export type Reading<T> = Generator<Wish, T, Buffer>;

/** A number that this version of Rekindle does not know stands where it matters. */
export class UnknownFormat extends Error {}

export function* byte(): Reading<number> {
  const bytes = yield { take: 1 };
  return bytes[0] ?? 0;
}

/** `special`: not a length, but how a short text is written. */
export function* length(): Reading<{ value: number; special: boolean }> {
  const first = yield* byte();
  const low = first & 0x3f;
  switch (first >> 6) {
    case 0:
      return { value: low, special: false };
    case 1:
      return { value: (low << 8) | (yield* byte()), special: false };
    case 3:
      return { value: low, special: true };
    default:
      if (first === 0x80) return { value: (yield { take: 4 }).readUInt32BE(0), special: false };
      if (first === 0x81) return { value: Number((yield { take: 8 }).readBigUInt64BE(0)), special: false };
      throw new UnknownFormat(`a length that begins with ${first}`);
  }
}

function* count(): Reading<number> {
  return (yield* length()).value;
}

function* skip(bytes: number): Reading<void> {
  if (bytes > 0) yield { skip: bytes };
}

export function* text(): Reading<void> {
  const { value, special } = yield* length();
  if (!special) return yield* skip(value);
  if (value <= 2) return yield* skip(1 << value);
  if (value !== 3) throw new UnknownFormat(`a text of the form ${value}`);
  const compressed = yield* count();
  yield* count();
  yield* skip(compressed);
}

function* times(number: number, what: () => Reading<unknown>): Reading<void> {
  for (let index = 0; index < number; index++) yield* what();
}

/** Values that a module wrote, up to their end. */
export function* moduleValues(): Reading<void> {
  for (;;) {
    const kind = yield* count();
    if (kind === 0) return;
    if (kind === 1 || kind === 2) yield* count();
    else if (kind === 3) yield* skip(4);
    else if (kind === 4) yield* skip(8);
    else if (kind === 5) yield* text();
    else throw new UnknownFormat(`a module's value of the kind ${kind}`);
  }
}

/** A score as text: its length, of which the last three stand for no number and the infinities. */
function* oldScore(): Reading<void> {
  const bytes = yield* byte();
  if (bytes < 253) yield* skip(bytes);
}

function* stream(version: number): Reading<void> {
  yield* times(yield* count(), function* () {
    yield* text();
    yield* text();
  });
  // Length and last id; then the first id, the last that was deleted, and how many were ever added.
  yield* times(version >= 2 ? 8 : 3, count);
  yield* times(yield* count(), function* () {
    yield* text();
    yield* times(version >= 2 ? 3 : 2, count);
    yield* times(yield* count(), function* () {
      yield* skip(16 + 8);
      yield* count();
    });
    yield* times(yield* count(), function* () {
      yield* text();
      yield* skip(version >= 3 ? 16 : 8);
      yield* skip((yield* count()) * 16);
    });
  });
}

const each = (...parts: (() => Reading<unknown>)[]) =>
  function* (): Reading<void> {
    yield* times(yield* count(), function* () {
      for (const part of parts) yield* part();
    });
  };
const eight = () => skip(8);

/** By number: what people call it, and how to get behind it. */
export const valueTypes: Record<number, { name: string; read: () => Reading<void> }> = {
  0: { name: 'string', read: text },
  1: { name: 'list', read: each(text) },
  2: { name: 'set', read: each(text) },
  3: { name: 'zset', read: each(text, oldScore) },
  4: { name: 'hash', read: each(text, text) },
  5: { name: 'zset', read: each(text, eight) },
  7: {
    name: 'module',
    *read() {
      yield* count();
      yield* moduleValues();
    },
  },
  9: { name: 'hash', read: text },
  10: { name: 'list', read: text },
  11: { name: 'set', read: text },
  12: { name: 'zset', read: text },
  13: { name: 'hash', read: text },
  14: { name: 'list', read: each(text) },
  15: { name: 'stream', read: () => stream(1) },
  16: { name: 'hash', read: text },
  17: { name: 'zset', read: text },
  18: { name: 'list', read: each(count, text) },
  19: { name: 'stream', read: () => stream(2) },
  20: { name: 'set', read: text },
  21: { name: 'stream', read: () => stream(3) },
  24: {
    name: 'hash',
    *read() {
      yield* skip(8);
      yield* each(count, text, text)();
    },
  },
  25: {
    name: 'hash',
    *read() {
      yield* skip(8);
      yield* text();
    },
  },
};
