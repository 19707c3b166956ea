import { crc32 } from 'node:zlib';

/** Lucene's marks at a file's beginning and end, and the length of what follows the content. */
const headerMagic = 0x3fd76c17;
const footerMagic = 0xc02893e8;
const footerLength = 16;
/** The checksum itself, the footer's last part, is not part of what it covers. */
const checksumLength = 8;

/** Elasticsearch's names for the kinds of its metadata files, as `BlobStoreRepository` in its sources has them. */
export type FileKind = 'snapshot' | 'metadata' | 'index-metadata' | 'snapshots';

/**
 * The content of one of Elasticsearch's metadata files, between Lucene's header and footer, when its checksum matches.
 * Throws an Error that says what is wrong with it.
 */
export function contentOf(file: Uint8Array, kind: FileKind): Buffer {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const begin = 4 + 1 + kind.length + 4;
  const fits =
    bytes.length >= begin + footerLength &&
    bytes.readUInt32BE(0) === headerMagic &&
    bytes.subarray(5, 5 + kind.length).toString('latin1') === kind &&
    bytes.readUInt32BE(bytes.length - footerLength) === footerMagic;
  if (!fits) throw new Error('it does not have the form of a snapshot file');
  const checksum = bytes.readBigUInt64BE(bytes.length - checksumLength);
  if (BigInt(crc32(bytes.subarray(0, bytes.length - checksumLength))) !== checksum)
    throw new Error('its checksum does not match its content');
  return bytes.subarray(begin, bytes.length - footerLength);
}
