import { randomBytes } from 'node:crypto';
import type { StreamStorage } from '../../../systems/object-storage/stream-storage.ts';

const mebibyte = 1024 * 1024;

async function* pieces(...all: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of all) yield await Promise.resolve(piece);
}

async function* cutOff(...all: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces(...all);
  throw new Error('cut off');
}

async function all(found: AsyncIterable<Uint8Array> | undefined): Promise<Buffer | undefined> {
  if (!found) return undefined;
  const read: Uint8Array[] = [];
  for await (const piece of found) read.push(piece);
  return Buffer.concat(read);
}

/** What every implementation of StreamStorage must do. `open` gives one that is empty. */
export function streamStorageConformance(name: string, open: () => StreamStorage | Promise<StreamStorage>): void {
  describe(`streams: ${name}`, () => {
    test('an object of any size is read back as it was: nothing, one piece, more than two parts', async () => {
      const storage = await open();
      const large = randomBytes(40 * mebibyte);
      await storage.write('p/empty', pieces());
      await storage.write('p/small', pieces(Buffer.from('one '), Buffer.from('piece')));
      await storage.write(
        'p/large',
        pieces(large.subarray(0, 7), large.subarray(7, 30 * mebibyte), large.subarray(30 * mebibyte)),
      );
      expect(await all(await storage.read('p/empty'))).toEqual(Buffer.alloc(0));
      expect((await all(await storage.read('p/small')))?.toString()).toBe('one piece');
      expect((await all(await storage.read('p/large')))?.equals(large)).toBe(true);
    });

    test('what is not there reads as undefined', async () => {
      const storage = await open();
      expect(await storage.read('not/there')).toBeUndefined();
    });

    test.each([1, 20 * mebibyte])(
      'a source that breaks off after %d bytes leaves what was there before',
      async (bytes) => {
        const storage = await open();
        await storage.write('p/a', pieces(Buffer.from('before')));
        await expect(storage.write('p/a', cutOff(Buffer.alloc(bytes)))).rejects.toThrow('cut off');
        await expect(storage.write('p/b', cutOff(Buffer.alloc(bytes)))).rejects.toThrow('cut off');
        expect((await all(await storage.read('p/a')))?.toString()).toBe('before');
        expect(await storage.read('p/b')).toBeUndefined();
        expect(await storage.abandon('p/')).toBe(0);
      },
    );

    test('what a writer that died left is removed, and the writer fails should it live', async () => {
      const storage = await open();
      let goOn = (): void => undefined;
      const waiting = new Promise<void>((resolve) => (goOn = resolve));
      let hasBegun = (): void => undefined;
      const begun = new Promise<void>((resolve) => (hasBegun = resolve));
      const writing = storage.write(
        'p/a',
        (async function* () {
          // Three parts: the first was sent when the third is asked for.
          for (let part = 0; part < 3; part++) yield Buffer.alloc(16 * mebibyte);
          hasBegun();
          await waiting;
          yield Buffer.from('the end');
        })(),
      );
      const failing = expect(writing).rejects.toThrow();
      await begun;
      expect(await storage.abandon('p/')).toBe(1);
      goOn();
      await failing;
      expect(await storage.read('p/a')).toBeUndefined();
      expect(await storage.abandon('p/')).toBe(0);
    });
  });
}
