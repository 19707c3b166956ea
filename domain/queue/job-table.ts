import { ByteStore } from './byte-store.ts';
import { Column } from './column.ts';
import type { OrderKey } from './order.ts';

/** A job that must be in the queue: `value` is its entry's data, `priority` 0–999, lower first. */
export interface QueueEntry {
  value: string;
  priority: number;
  /** It ran at the time of the backup, and will run again. */
  running?: boolean;
}

const running = 0x8000;

/**
 * Jobs, each value once, in about 70 bytes per job: a million objects would take several times as much. Found by
 * number and by value. Numbered in the order they are added, and in queue order after `sort`.
 */
export class JobTable {
  #count = 0;
  #runningCount = 0;
  readonly #bytes = new ByteStore();
  /** Of its value. */
  readonly #addresses = new Column((length) => new Float64Array(length));
  /** Priority, with the running flag. */
  readonly #marks = new Column((length) => new Uint16Array(length));
  readonly #firsts = new Column((length) => new Float64Array(length));
  /** The rest of the sort key, for jobs where it is not the value itself. */
  readonly #rests = new Map<number, Uint8Array>();
  /** Open addressing: number + 1 of a job, 0 is free. */
  #slots = new Uint32Array(2048);
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  #scratch = new Uint8Array(256);

  /** In the given order. */
  static of(entries: Iterable<QueueEntry>): JobTable {
    const table = new JobTable();
    for (const entry of entries) table.add(entry);
    return table;
  }

  get size(): number {
    return this.#count;
  }

  get runningCount(): number {
    return this.#runningCount;
  }

  /** False when its value is already in the table, which then keeps the earlier job. `order`: its key for `sort`. */
  add({ value, priority, running: runs = false }: QueueEntry, order?: OrderKey): boolean {
    const bytes = this.#encode(value);
    const slot = this.#slotOf(bytes);
    if (this.#slots[slot] !== 0) return false;
    const number = this.#count;
    this.#addresses.set(number, this.#bytes.add(bytes));
    this.#marks.set(number, priority | (runs ? running : 0));
    this.#firsts.set(number, order?.first ?? 0);
    if (order !== undefined && order.rest !== value) this.#rests.set(number, this.#encoder.encode(order.rest));
    this.#slots[slot] = number + 1;
    this.#count += 1;
    if (runs) this.#runningCount += 1;
    if (this.#count * 2 > this.#slots.length) this.#rehash(this.#slots.length * 2);
    return true;
  }

  /** Renumbers all jobs by their keys; equal ones by their values. */
  sort(): void {
    const order = new Uint32Array(this.#count).map((_, number) => number);
    order.sort((a, b) => {
      const [one, other] = [this.#firsts.get(a), this.#firsts.get(b)];
      if (one !== other) return one < other ? -1 : 1;
      return compareBytes(this.#restOf(a), this.#restOf(b)) || compareBytes(this.#bytesOf(a), this.#bytesOf(b));
    });
    // No longer needed.
    this.#firsts.clear();
    this.#rests.clear();
    this.#rearrange(order);
    this.#rehash(this.#slots.length);
  }

  /** The number of the job of this value. */
  find(value: string): number | undefined {
    const found = this.#slots[this.#slotOf(this.#encode(value))] ?? 0;
    return found === 0 ? undefined : found - 1;
  }

  value(number: number): string {
    return this.#decoder.decode(this.#bytesOf(number));
  }

  priority(number: number): number {
    return this.#marks.get(number) & ~running;
  }

  isRunning(number: number): boolean {
    return (this.#marks.get(number) & running) !== 0;
  }

  entry(number: number): QueueEntry {
    return { value: this.value(number), priority: this.priority(number), running: this.isRunning(number) };
  }

  /** All numbers by priority, and within one in their own order. */
  inQueueOrder(): Uint32Array {
    // Counting sort: where each priority begins, then every number goes to its next place.
    const starts = new Uint32Array(1001);
    for (let number = 0; number < this.#count; number++) {
      const next = this.priority(number) + 1;
      starts[next] = (starts[next] ?? 0) + 1;
    }
    for (let priority = 1; priority <= 1000; priority++)
      starts[priority] = (starts[priority] ?? 0) + (starts[priority - 1] ?? 0);
    const order = new Uint32Array(this.#count);
    for (let number = 0; number < this.#count; number++) {
      const priority = this.priority(number);
      const place = starts[priority] ?? 0;
      order[place] = number;
      starts[priority] = place + 1;
    }
    return order;
  }

  #encode(value: string): Uint8Array {
    // A UTF-16 unit takes at most three bytes.
    if (value.length * 3 > this.#scratch.length) this.#scratch = new Uint8Array(value.length * 3);
    return this.#scratch.subarray(0, this.#encoder.encodeInto(value, this.#scratch).written);
  }

  #restOf(number: number): Uint8Array {
    return this.#rests.get(number) ?? this.#bytesOf(number);
  }

  #bytesOf(number: number): Uint8Array {
    return this.#bytes.at(this.#addresses.get(number));
  }

  /** The slot of the value, or the free one where it belongs. */
  #slotOf(bytes: Uint8Array): number {
    const mask = this.#slots.length - 1;
    let slot = hash(bytes) & mask;
    for (;;) {
      const found = this.#slots[slot] ?? 0;
      if (found === 0 || this.#bytes.equals(this.#addresses.get(found - 1), bytes)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** `order[new number]` is the old one; it is consumed. In place, along each cycle of the permutation. */
  #rearrange(order: Uint32Array): void {
    for (let start = 0; start < order.length; start++) {
      const [address, mark] = [this.#addresses.get(start), this.#marks.get(start)];
      let to = start;
      for (let from = order[to] ?? to; from !== start; from = order[to] ?? to) {
        this.#addresses.set(to, this.#addresses.get(from));
        this.#marks.set(to, this.#marks.get(from));
        order[to] = to;
        to = from;
      }
      order[to] = to;
      this.#addresses.set(to, address);
      this.#marks.set(to, mark);
    }
  }

  #rehash(slots: number): void {
    if (slots === this.#slots.length) this.#slots.fill(0);
    else this.#slots = new Uint32Array(slots);
    for (let number = 0; number < this.#count; number++) this.#slots[this.#slotOf(this.#bytesOf(number))] = number + 1;
  }
}

/** FNV-1a. */
function hash(bytes: Uint8Array): number {
  let value = 0x811c9dc5;
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193);
  // Its low bits, which choose the slot, are the weaker ones.
  return (value ^ (value >>> 15)) >>> 0;
}

function compareBytes(one: Uint8Array, other: Uint8Array): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
