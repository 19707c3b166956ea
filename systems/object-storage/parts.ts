/** 16 MiB for the first half of the 10,000 parts that S3 admits, then 32 MiB: 234 GiB in all. Most servers want equal parts of 5 MiB or more; small objects have them. */
const mebibyte = 1024 * 1024;
export const mostParts = 10_000;
export const partSize = (number: number): number => (number <= mostParts / 2 ? 16 : 32) * mebibyte;

/**
 * Pieces of any size as parts of the sizes that `sizeOf` gives (by number, from 1), the last one shorter; no bytes, no part. A
 * part is overwritten by the second next one: it must have been used by then.
 */
export async function* inParts(
  pieces: AsyncIterable<Uint8Array>,
  sizeOf: (number: number) => number = partSize,
): AsyncGenerator<Uint8Array, undefined> {
  const buffers: [Buffer?, Buffer?] = [];
  let number = 1;
  let filled = 0;
  const current = (): Buffer => {
    const [size, slot] = [sizeOf(number), number % 2];
    if (buffers[slot]?.length !== size) buffers[slot] = Buffer.allocUnsafeSlow(size);
    return buffers[slot];
  };
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const buffer = current();
      const taken = piece.subarray(at, at + buffer.length - filled);
      buffer.set(taken, filled);
      at += taken.length;
      filled += taken.length;
      if (filled < buffer.length) continue;
      yield buffer;
      [number, filled] = [number + 1, 0];
    }
  }
  if (filled > 0) yield current().subarray(0, filled);
}
