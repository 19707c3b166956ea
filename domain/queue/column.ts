const partLength = 1 << 16;

/**
 * Numbers by index, 0 where none was set. It grows in parts: an array that is copied to grow leaves its old copy to a
 * garbage collector that collects large ones late.
 */
export class Column {
  readonly #make: (length: number) => Float64Array | Uint16Array;
  readonly #parts: (Float64Array | Uint16Array)[] = [];

  constructor(make: (length: number) => Float64Array | Uint16Array) {
    this.#make = make;
  }

  get(index: number): number {
    return this.#parts[index >>> 16]?.[index & (partLength - 1)] ?? 0;
  }

  set(index: number, value: number): void {
    const part = (this.#parts[index >>> 16] ??= this.#make(partLength));
    part[index & (partLength - 1)] = value;
  }

  clear(): void {
    this.#parts.length = 0;
  }
}
