import { createHash } from 'node:crypto';
import { generateKey } from '../../../../systems/encryption/age.ts';
import { inParts } from '../../../../systems/object-storage/parts.ts';
import type { StreamStorage } from '../../../../systems/object-storage/stream-storage.ts';
import { writePart } from '../../../../systems/streams/write-part.ts';

const mebibyte = 1024 * 1024;

/** Cuts parts as an upload does, and keeps none. */
function nowhere(): StreamStorage {
  return {
    description: 'nowhere',
    async write(_, pieces) {
      const hash = createHash('sha256');
      for await (const part of inParts(pieces)) hash.update(part);
    },
    read: () => Promise.resolve(undefined),
    abandon: () => Promise.resolve(0),
  };
}

/** Half of it can be compressed. */
async function* generated(megabytes: number): AsyncGenerator<Uint8Array> {
  const piece = Buffer.alloc(mebibyte);
  for (let at = 0; at < mebibyte / 2; at++) piece[at] = (at * 2654435761) >>> 24;
  for (let number = 0; number < megabytes; number++) yield await Promise.resolve(piece);
}

test('1 GB passes with less memory than 150 MB', async () => {
  const { recipient } = await generateKey();
  const task = { folder: 'p/', part: 'a', compression: 'gzip' as const, recipient, silenceSeconds: 60, what: 'x' };
  const before = process.memoryUsage().rss;
  let most = 0;
  const onProgress = () => void (most = Math.max(most, process.memoryUsage().rss));
  const started = performance.now();
  const receipt = await writePart(nowhere(), generated(1024), task, { onProgress });
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `1 GB: ${seconds.toFixed(1)} s, ${Math.round((most - before) / mebibyte)} MB more, ${Math.round(receipt.bytes / mebibyte)} MB stored`,
  );
  expect(receipt.content.bytes).toBe(1024 * mebibyte);
  expect(most - before).toBeLessThan(150 * mebibyte);
}, 600_000);
