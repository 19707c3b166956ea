const chunkBytes = 1 << 20;

/** Many short runs of bytes, by number, without an object for each. */
export class ByteStore {
  readonly #chunks: Uint8Array[] = [];
  /** Bytes used of the last chunk. */
  #used = chunkBytes;
  #count = 0;
  /** Where each run begins (chunk × chunkBytes + offset), and its length. */
  #starts = new Float64Array(1024);
  #lengths = new Uint32Array(1024);

  /** Keeps a copy under the next number. */
  add(bytes: Uint8Array): void {
    if (this.#count === this.#starts.length) this.#grow();
    if (this.#used + bytes.length > chunkBytes) {
      // A run larger than a chunk gets one of its own.
      this.#chunks.push(new Uint8Array(Math.max(chunkBytes, bytes.length)));
      this.#used = 0;
    }
    this.#chunks.at(-1)?.set(bytes, this.#used);
    this.#starts[this.#count] = (this.#chunks.length - 1) * chunkBytes + this.#used;
    this.#lengths[this.#count] = bytes.length;
    this.#used += bytes.length;
    this.#count += 1;
  }

  /** Not a copy. */
  at(number: number): Uint8Array {
    const start = this.#starts[number] ?? 0;
    const offset = start % chunkBytes;
    const chunk = this.#chunks[(start - offset) / chunkBytes];
    return chunk?.subarray(offset, offset + (this.#lengths[number] ?? 0)) ?? new Uint8Array();
  }

  /** `order[new number]` is the old one. */
  reorder(order: Uint32Array): void {
    const starts = new Float64Array(this.#starts.length);
    const lengths = new Uint32Array(this.#lengths.length);
    order.forEach((old, number) => {
      starts[number] = this.#starts[old] ?? 0;
      lengths[number] = this.#lengths[old] ?? 0;
    });
    [this.#starts, this.#lengths] = [starts, lengths];
  }

  #grow(): void {
    const starts = new Float64Array(this.#starts.length * 2);
    const lengths = new Uint32Array(this.#lengths.length * 2);
    starts.set(this.#starts);
    lengths.set(this.#lengths);
    [this.#starts, this.#lengths] = [starts, lengths];
  }
}
