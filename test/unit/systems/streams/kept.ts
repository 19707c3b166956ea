import type { PartSource, StreamStore, Taken } from '../../../../systems/streams/stream-store.ts';

/** A backup in memory. */
export interface Kept extends Taken<unknown> {
  parts: Map<string, Buffer>;
}

export async function backUp(store: StreamStore<unknown>): Promise<Kept> {
  const parts = new Map<string, Buffer>();
  const taken = await store.backUp(async ({ part, pieces }: PartSource) => {
    const all: Uint8Array[] = [];
    for await (const piece of pieces) all.push(piece);
    parts.set(part, Buffer.concat(all));
  }, {});
  return { ...taken, parts };
}

export async function restore(store: StreamStore<unknown>, { parts }: Pick<Kept, 'parts'>, run: string): Promise<void> {
  for (const part of store.order([...parts.keys()])) await store.restore(part, piecesOf(parts.get(part)), run, {});
}

export async function* piecesOf(bytes: Buffer = Buffer.alloc(0), size = 65_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
