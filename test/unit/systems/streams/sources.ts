// What stands for a command's output: steady, cut off, or silent in its middle.

/** Larger than age's chunk of 64 KiB, and no multiple of it. */
export const content = Buffer.from(Array.from({ length: 20_000 }, (_, line) => `row ${line} of a table`).join('\n'));

export async function* steady(bytes: Buffer, size = 10_007): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

export async function* broken(bytes: Buffer, failure: Error): AsyncGenerator<Uint8Array> {
  yield* steady(bytes);
  throw failure;
}

export async function* hanging(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield* steady(bytes);
  await new Promise(() => undefined);
}

export async function joinedText(
  pieces: AsyncIterable<Uint8Array>,
  encoding: BufferEncoding = 'utf8',
): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString(encoding);
}
