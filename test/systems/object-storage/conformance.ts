import { randomBytes } from 'node:crypto';
import type { ObjectStorage } from '../../../systems/object-storage/object-storage.ts';

// cspell:ignore ümlaut

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (found: Uint8Array | undefined) => found && new TextDecoder().decode(found);

const oddKeys = [
  'plain/key.json',
  'with space/and more.txt',
  'plus+and%20percent%/50%',
  'tilde~and~marker~20261121T093012Z',
  "brackets(2f)!*'",
  'ümlaut/日本/emoji-🎉',
  'query?a=b&c=d#hash',
  'UPPER/lower/MiXed',
  '.hidden/.file',
  'back\\slash:colon',
];

/** What every implementation of ObjectStorage must do. `open` gives one that is empty. */
export function objectStorageConformance(name: string, open: () => ObjectStorage | Promise<ObjectStorage>): void {
  const listed = async (storage: ObjectStorage, prefix: string) => {
    const keys: string[] = [];
    for await (const { key } of storage.list(prefix)) keys.push(key);
    return keys.toSorted();
  };

  describe(`object storage: ${name}`, () => {
    test('an object is read back complete', async () => {
      const storage = await open();
      await storage.put('a/b/c.json', bytes('{"a":1}'));
      expect(text(await storage.get('a/b/c.json'))).toBe('{"a":1}');
    });

    test('a missing object reads as undefined, lists as empty, and deletes without an error', async () => {
      const storage = await open();
      expect(await storage.get('not/there')).toBeUndefined();
      expect(await listed(storage, 'not/')).toEqual([]);
      expect(await listed(storage, '')).toEqual([]);
      await storage.delete('not/there');
    });

    test('a key that was written again has only the new content', async () => {
      const storage = await open();
      await storage.put('again', bytes('a long content that was there first'));
      await storage.put('again', bytes('short'));
      expect(text(await storage.get('again'))).toBe('short');
      expect(await listed(storage, '')).toEqual(['again']);
    });

    test('a listing can begin behind a key', async () => {
      const storage = await open();
      for (const key of ['log/1', 'log/2~a', 'log/2~b', 'log/3', 'other/9']) await storage.put(key, bytes('x'));
      const keys: string[] = [];
      for await (const { key } of storage.list('log/', { after: 'log/2' })) keys.push(key);
      expect(keys.toSorted()).toEqual(['log/2~a', 'log/2~b', 'log/3']);
    });

    test.each([
      ['points/b/1', ['points/b/2', 'points/b1/x', 'points/c/1']],
      ['points/b', ['points/b/1', 'points/b/2', 'points/b1/x', 'points/c/1']],
      ['points/b/', ['points/b/1', 'points/b/2', 'points/b1/x', 'points/c/1']],
      ['points/b0', ['points/b1/x', 'points/c/1']],
      ['points/z', []],
    ])('a listing that begins behind %s has what folders behind it hold', async (after, wanted) => {
      const storage = await open();
      for (const key of ['points/a/1', 'points/b/1', 'points/b/2', 'points/b1/x', 'points/c/1'])
        await storage.put(key, bytes('x'));
      const keys: string[] = [];
      for await (const { key } of storage.list('points/', { after })) keys.push(key);
      expect(keys.toSorted()).toEqual(wanted);
    });

    test('an object may be empty', async () => {
      const storage = await open();
      await storage.put('points/marker~1', new Uint8Array());
      expect(await storage.get('points/marker~1')).toEqual(new Uint8Array());
      const found = [];
      for await (const object of storage.list('points/')) found.push(object);
      expect(found).toEqual([{ key: 'points/marker~1', bytes: 0 }]);
    });

    test('a list has every object below a prefix, also more than one page, with sizes', async () => {
      const storage = await open();
      const keys = Array.from({ length: 1150 }, (_, index) => `many/${index % 7}/object-${index}`);
      for (let first = 0; first < keys.length; first += 50)
        await Promise.all(keys.slice(first, first + 50).map((key) => storage.put(key, bytes(key))));
      await storage.put('other/object', bytes('x'));
      expect(await listed(storage, 'many/')).toEqual(keys.toSorted());
      for await (const object of storage.list('many/3/')) expect(object.bytes).toBe(object.key.length);
    });

    test('a prefix may end in the middle of a name', async () => {
      const storage = await open();
      for (const key of ['p/manifest~1', 'p/manifest~2', 'p/marker', 'p/manifests/x', 'q/manifest~1'])
        await storage.put(key, bytes(key));
      expect(await listed(storage, 'p/manifest~')).toEqual(['p/manifest~1', 'p/manifest~2']);
      expect(await listed(storage, 'p/manifest')).toEqual(['p/manifests/x', 'p/manifest~1', 'p/manifest~2']);
      expect(await listed(storage, 'p')).toHaveLength(4);
    });

    test('a deleted object is gone, its neighbours stay', async () => {
      const storage = await open();
      await storage.put('d/one', bytes('1'));
      await storage.put('d/two', bytes('2'));
      await storage.delete('d/one');
      expect(await storage.get('d/one')).toBeUndefined();
      expect(await listed(storage, 'd/')).toEqual(['d/two']);
    });

    test('ten megabytes come back bit for bit', async () => {
      const storage = await open();
      const big = randomBytes(10 * 1024 * 1024);
      await storage.put('big', big);
      const back = await storage.get('big');
      expect(back && Buffer.compare(big, back)).toBe(0);
    });

    test.each(oddKeys)('the key %s', async (key) => {
      const storage = await open();
      await storage.put(key, bytes(key));
      expect(text(await storage.get(key))).toBe(key);
      expect(await listed(storage, '')).toEqual([key]);
      expect(await listed(storage, key.slice(0, key.indexOf('/') + 1))).toEqual([key]);
      await storage.delete(key);
      expect(await listed(storage, '')).toEqual([]);
    });

    test.each(['../outside', 'a/../../outside', '/absolute', 'a//b', 'a/./b', '', 'a/', `a/${'x'.repeat(300)}`])(
      'refuses the key "%s"',
      async (key) => {
        const storage = await open();
        await expect(storage.put(key, bytes('x'))).rejects.toMatchObject({ kind: 'CatalogueRefused' });
        await expect(storage.get(key)).rejects.toMatchObject({ kind: 'CatalogueRefused' });
        await expect(storage.delete(key)).rejects.toMatchObject({ kind: 'CatalogueRefused' });
      },
    );

    test('concurrent writers of one key leave one of their contents, whole', async () => {
      const storage = await open();
      const contents = Array.from({ length: 8 }, (_, index) => String(index).repeat(50_000));
      await Promise.all(contents.map((content) => storage.put('same', bytes(content))));
      expect(contents).toContain(text(await storage.get('same')));
      expect(await listed(storage, '')).toEqual(['same']);
    });
  });
}
