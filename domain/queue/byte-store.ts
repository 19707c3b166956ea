const chunkBytes = 1 << 20;

/** Stores many short byte sequences without an object for each: each is stored after its length and found by its address. */
export class ByteStore {
  readonly #chunks: Uint8Array[] = [];
  /** Bytes used of the last chunk. */
  #used = chunkBytes;

  /** Stores a copy and returns its address. */
  add(bytes: Uint8Array): number {
    const needed = lengthBytes(bytes.length) + bytes.length;
    if (this.#used + needed > chunkBytes) {
      // A sequence larger than a chunk gets its own chunk.
      this.#chunks.push(new Uint8Array(Math.max(chunkBytes, needed)));
      this.#used = 0;
    }
    const address = (this.#chunks.length - 1) * chunkBytes + this.#used;
    const chunk = this.#chunkOf(address);
    let at = this.#used;
    // Seven bits per byte, lowest first; the highest bit means that more follow.
    for (let left = bytes.length; ; left >>>= 7) {
      chunk[at++] = left > 0x7f ? (left & 0x7f) | 0x80 : left;
      if (left <= 0x7f) break;
    }
    chunk.set(bytes, at);
    this.#used += needed;
    return address;
  }

  /** Not a copy. */
  at(address: number): Uint8Array {
    const chunk = this.#chunkOf(address);
    const offset = address % chunkBytes;
    const length = lengthAt(chunk, offset);
    const start = offset + lengthBytes(length);
    return chunk.subarray(start, start + length);
  }

  /** Like comparing `at(address)`, without allocating an object per comparison. */
  equals(address: number, bytes: Uint8Array): boolean {
    const chunk = this.#chunkOf(address);
    const offset = address % chunkBytes;
    if (lengthAt(chunk, offset) !== bytes.length) return false;
    const start = offset + lengthBytes(bytes.length);
    for (let index = 0; index < bytes.length; index++) if (chunk[start + index] !== bytes[index]) return false;
    return true;
  }

  #chunkOf(address: number): Uint8Array {
    return this.#chunks[Math.floor(address / chunkBytes)] ?? new Uint8Array(1);
  }
}

function lengthBytes(length: number): number {
  let bytes = 1;
  for (let left = length; left > 0x7f; left >>>= 7) bytes += 1;
  return bytes;
}

function lengthAt(chunk: Uint8Array, offset: number): number {
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = chunk[offset++] ?? 0;
    length |= (byte & 0x7f) << shift;
    if (byte <= 0x7f) return length;
  }
}
