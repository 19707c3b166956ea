import { readFileSync } from 'node:fs';
import { contentOf } from '../../../systems/elasticsearch/repository/checked-file.ts';
import { readShardFiles } from '../../../systems/elasticsearch/repository/shard-files.ts';
import { readSmile } from '../../../systems/elasticsearch/repository/smile.ts';
import { expecting } from '../../expecting.ts';

// Written by Elasticsearch 8.19.0; verification.test.ts of the systems compares such lists with what lies in a bucket.
const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}.dat`, import.meta.url)));
const filesIn = (file: Uint8Array) => readShardFiles(contentOf(file, 'snapshot'));
const blobName = /^__[\w-]{22}(\.part\d+)?$/;

describe("a shard's list of files", () => {
  test('names, sizes and Lucene names; what stands in the list itself has no blob', () => {
    const files = filesIn(fixture('shard-of-two-snapshots'));
    const blobs = files.flatMap((file) => file.blobs);
    expect(blobs.length).toBeGreaterThan(1);
    for (const { name, bytes } of blobs) {
      expect(name).toMatch(blobName);
      expect(bytes).toBeGreaterThan(0);
    }
    expect(files.map(({ physicalName }) => physicalName)).toContain('_0.cfe');
    expect(files.filter((file) => file.blobs.length === 0).map(({ physicalName }) => physicalName)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^segments_/)]),
    );
  });

  test('a file of several parts: each has its name, the last one the rest', () => {
    const parts = filesIn(fixture('shard-with-parts')).find(({ blobs }) => blobs.length > 1)?.blobs ?? [];
    expect(parts.map(({ name }) => name.split('.')[1])).toEqual(parts.map((_, part) => `part${part}`));
    const chunk = 5 * 1024 * 1024;
    expect(parts.slice(0, -1).every(({ bytes }) => bytes === chunk)).toBe(true);
    expect(parts.at(-1)?.bytes).toBeLessThan(chunk);
  });

  test('a truncated list, or something else, is never taken for a list', () => {
    const whole = fixture('shard-of-two-snapshots');
    for (let length = 0; length < whole.length; length += 7)
      expecting(() => filesIn(whole.slice(0, length)), String(length)).toThrow();
    expect(() => filesIn(new TextEncoder().encode('{"files":[]}'.repeat(20)))).toThrow('not have the form');
    // One wrong bit anywhere: the checksum tells, or the form.
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = whole.slice();
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      // The version of the form, which nobody reads, is covered by the checksum as well.
      expecting(() => filesIn(damaged), String(at)).toThrow(/checksum|form/);
    }
  });
});

describe('SMILE', () => {
  const read = (...content: number[]) => readSmile(Uint8Array.from([0x3a, 0x29, 0x0a, 0x01, ...content]));
  const text = (value: string) => [...new TextEncoder().encode(value)];

  test.each<[unknown, number[]]>([
    [{ a: 1 }, [0xfa, 0x80, ...text('a'), 0xc2, 0xfb]],
    [{ a: -1, b: 15 }, [0xfa, 0x80, ...text('a'), 0xc1, 0x80, ...text('b'), 0xde, 0xfb]],
    // A name that was there before is referred to.
    [
      [{ ab: 1 }, { ab: 2 }],
      [0xf8, 0xfa, 0x81, ...text('ab'), 0xc2, 0xfb, 0xfa, 0x40, 0xc4, 0xfb, 0xf9],
    ],
    [
      [null, true, false, ''],
      [0xf8, 0x21, 0x23, 0x22, 0x20, 0xf9],
    ],
    ['é', [0x80, ...text('é')]],
    ['x'.repeat(70), [0xe0, ...text('x'.repeat(70)), 0xfc]],
    [5_000_000_000, [0x25, 0x4a, 0x40, 0x5f, 0x10, 0x80]],
  ])('%j', (value, content) => {
    expect(read(...content)).toEqual(value);
  });

  test.each<[string, number[]]>([
    ['a value of another kind', [0x29, 0, 0, 0, 0]],
    ['an end in the middle', [0xfa, 0x80]],
    ['a reference to nothing', [0xfa, 0x41, 0xc2, 0xfb]],
  ])('%s is an error', (_, content) => {
    expect(() => read(...content)).toThrow('SMILE');
  });

  test('another version, or shared values, are not guessed at', () => {
    expect(() => readSmile(Uint8Array.from([0x3a, 0x29, 0x0a, 0x13, 0x21]))).toThrow('flags');
    expect(() => readSmile(Uint8Array.from([0x3a, 0x29, 0x0a, 0x02, 0x21]))).toThrow('flags');
    expect(() => readSmile(new Uint8Array())).toThrow('header');
  });
});
