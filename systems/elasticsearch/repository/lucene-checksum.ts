import { crc32 } from 'node:zlib';

/** Lucene's mark at a file's end, before the checksum's algorithm (always 0) and the checksum. */
const footerMagic = 0xc02893e8;
const footerLength = 16;
/** The checksum itself, the footer's last part, is not part of what it covers. */
const checksumLength = 8;

/** What the content of one of Lucene's files says about itself. */
export interface LuceneSum {
  bytes: number;
  /** CRC-32 of all that the checksum covers, as it was read. */
  computed: number;
  /** The checksum in the footer; absent: there is no footer. */
  footer?: number;
  /** CRC-32 of every byte: tells whether a file is still what it was. */
  whole: number;
}

/** Computes the checksum of a file that comes in pieces; holds back its last 16 bytes, whatever its size. */
export function luceneChecksum(): { add: (piece: Uint8Array) => void; end: () => LuceneSum } {
  let covered = 0;
  let bytes = 0;
  let tail = Buffer.alloc(0);
  return {
    add(piece) {
      bytes += piece.length;
      if (piece.length < footerLength) {
        const joined = Buffer.concat([tail, piece]);
        const rest = Math.max(0, joined.length - footerLength);
        covered = crc32(joined.subarray(0, rest), covered);
        tail = joined.subarray(rest);
        return;
      }
      covered = crc32(tail, covered);
      const rest = piece.length - footerLength;
      covered = crc32(piece.subarray(0, rest), covered);
      tail = Buffer.from(piece.subarray(rest));
    },
    end() {
      const before = Math.max(0, tail.length - checksumLength);
      const computed = crc32(tail.subarray(0, before), covered);
      const whole = crc32(tail.subarray(before), computed);
      const found = tail.length === footerLength && tail.readUInt32BE(0) === footerMagic && tail.readUInt32BE(4) === 0;
      const footer = found ? Number(tail.readBigUInt64BE(checksumLength)) : undefined;
      return { bytes, computed, whole, ...(footer !== undefined && { footer }) };
    },
  };
}

/** What is wrong with a file of so many bytes and this checksum in its list; undefined: nothing. */
export function faultOf(sum: LuceneSum, wanted: { bytes: number; checksum?: number }): string | undefined {
  if (sum.bytes !== wanted.bytes) return `it has ${sum.bytes} bytes instead of ${wanted.bytes}`;
  if (sum.footer === undefined) return "it does not end as Lucene's files do";
  if (sum.computed !== sum.footer) return 'its checksum does not match its content';
  if (wanted.checksum !== undefined && sum.footer !== wanted.checksum)
    return 'it is another file: its checksum is not the one in the list of the shard';
  return undefined;
}
