import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { faultOf, luceneChecksum } from '../../../systems/elasticsearch/repository/lucene-checksum.ts';

/** As Lucene ends its files. */
function withFooter(content: Uint8Array): Buffer {
  const footer = Buffer.alloc(16);
  footer.writeUInt32BE(0xc02893e8, 0);
  footer.writeBigUInt64BE(BigInt(crc32(footer.subarray(0, 8), crc32(content))), 8);
  return Buffer.concat([content, footer]);
}

function sumOf(file: Uint8Array, pieces: readonly number[]) {
  const sum = luceneChecksum();
  let at = 0;
  for (const length of pieces) sum.add(file.subarray(at, (at += length)));
  sum.add(file.subarray(at));
  return sum.end();
}

const pieces = fc.array(fc.nat(40), { maxLength: 20 });

test('however a file is cut into pieces, its checksum is found; one wrong bit is, too', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), pieces, fc.nat(), (content, cuts, place) => {
      const file = withFooter(content);
      const checksum = Number(file.readBigUInt64BE(file.length - 8));
      const good = sumOf(file, cuts);
      expect(good).toEqual({ bytes: file.length, computed: checksum, footer: checksum, whole: crc32(file) });
      expect(faultOf(good, { bytes: file.length, checksum })).toBeUndefined();
      const bad = Buffer.from(file);
      const at = place % bad.length;
      bad[at] = (bad[at] ?? 0) ^ (1 << (place % 8));
      expect(faultOf(sumOf(bad, cuts), { bytes: file.length, checksum })).toBeDefined();
    }),
  );
});

test('a good file in the place of another one, one cut short, and what is no file of Lucene', () => {
  const file = withFooter(Buffer.from('one'));
  const wanted = { bytes: file.length, checksum: Number(file.readBigUInt64BE(file.length - 8)) };
  const other = withFooter(Buffer.from('two'));
  expect(faultOf(sumOf(other, []), wanted)).toMatch('another file');
  expect(faultOf(sumOf(file.subarray(0, 10), []), wanted)).toMatch('10 bytes instead of 19');
  expect(faultOf(sumOf(Buffer.alloc(19), []), wanted)).toMatch('does not end');
});
