/** A job that must stand in the queue: `value` is its entry's data, `priority` 0–999, lower first. */
export interface QueueEntry {
  value: string;
  priority: number;
  /** It ran at the time of the backup, and will run again. */
  running?: boolean;
}

const chunkBytes = 1 << 20;
const running = 0x8000;

/**
 * Jobs in the order in which they were added, each value once, in about 60 bytes a job: a million of them as objects
 * would take several times as much. Found by number and by value.
 */
export class JobTable {
  #chunks: Uint8Array[] = [];
  /** Bytes used of the last chunk. */
  #used = chunkBytes;
  #count = 0;
  #runningCount = 0;
  /** Where each value begins (chunk × chunkBytes + offset), its length, its priority with the mark of running. */
  #starts = new Float64Array(1024);
  #lengths = new Uint32Array(1024);
  #marks = new Uint16Array(1024);
  /** Open addressing: number + 1 of a job, 0 is free. */
  #slots = new Uint32Array(2048);
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  #scratch = new Uint8Array(256);

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

  /** The job's number; undefined when its value is in the table already, which then keeps what it had. */
  add({ value, priority, running: runs = false }: QueueEntry): number | undefined {
    const bytes = this.#encode(value);
    const slot = this.#slotOf(bytes);
    if (this.#slots[slot] !== 0) return undefined;
    if (this.#count === this.#starts.length) this.#grow();
    const number = this.#count;
    this.#starts[number] = this.#store(bytes);
    this.#lengths[number] = bytes.length;
    this.#marks[number] = priority | (runs ? running : 0);
    this.#slots[slot] = number + 1;
    this.#count += 1;
    if (runs) this.#runningCount += 1;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return number;
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
    return (this.#marks[number] ?? 0) & ~running;
  }

  isRunning(number: number): boolean {
    return ((this.#marks[number] ?? 0) & running) !== 0;
  }

  entry(number: number): QueueEntry {
    return { value: this.value(number), priority: this.priority(number), running: this.isRunning(number) };
  }

  /** All numbers by priority, and within one in the order in which they were added. */
  inQueueOrder(): Uint32Array {
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

  #store(bytes: Uint8Array): number {
    if (this.#used + bytes.length > chunkBytes) {
      // A value larger than a chunk gets one of its own.
      this.#chunks.push(new Uint8Array(Math.max(chunkBytes, bytes.length)));
      this.#used = 0;
    }
    const offset = this.#used;
    this.#chunks.at(-1)?.set(bytes, offset);
    this.#used += bytes.length;
    return (this.#chunks.length - 1) * chunkBytes + offset;
  }

  #bytesOf(number: number): Uint8Array {
    const start = this.#starts[number] ?? 0;
    const offset = start % chunkBytes;
    const chunk = this.#chunks[(start - offset) / chunkBytes];
    return chunk?.subarray(offset, offset + (this.#lengths[number] ?? 0)) ?? new Uint8Array();
  }

  /** The slot of the value, or the free one where it belongs. */
  #slotOf(bytes: Uint8Array): number {
    const mask = this.#slots.length - 1;
    let slot = hash(bytes) & mask;
    for (;;) {
      const found = this.#slots[slot] ?? 0;
      if (found === 0 || equal(this.#bytesOf(found - 1), bytes)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const length = this.#starts.length * 2;
    const starts = new Float64Array(length);
    const lengths = new Uint32Array(length);
    const marks = new Uint16Array(length);
    starts.set(this.#starts);
    lengths.set(this.#lengths);
    marks.set(this.#marks);
    [this.#starts, this.#lengths, this.#marks] = [starts, lengths, marks];
  }

  #rehash(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let number = 0; number < this.#count; number++) this.#slots[this.#slotOf(this.#bytesOf(number))] = number + 1;
  }
}

/** FNV-1a. */
function hash(bytes: Uint8Array): number {
  let value = 0x811c9dc5;
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193);
  // Its low bits, which choose the slot, are the weak ones.
  return (value ^ (value >>> 15)) >>> 0;
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}
