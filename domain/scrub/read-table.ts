/** When a file was read last, and its CRC-32 then; whole seconds since 1970. */
export interface ReadEntry {
  at: number;
  crc: number;
}

/**
 * Which files of a repository were read, and when: 16 bytes each, since there may be half a million. A file is known by 64
 * bits of its key's digest, which its caller computes.
 */
export interface ReadTable {
  find: (file: bigint) => ReadEntry | undefined;
  /** Notes that a file was read. */
  put: (file: bigint, entry: ReadEntry) => void;
  /** As bytes, of the files that `keep` names alone: those of removed points are gone. */
  encode: (keep?: (file: bigint) => boolean) => Uint8Array;
}

const entryBytes = 16;

export const emptyTable = (): ReadTable => decodeTable(new Uint8Array());

/** The reverse of `encode`; bytes of another length are no table, and begin a new one: then every file is read again. */
export function decodeTable(bytes: Uint8Array): ReadTable {
  const whole = bytes.length % entryBytes === 0 ? bytes.slice() : new Uint8Array();
  const view = new DataView(whole.buffer);
  const count = whole.length / entryBytes;
  const added = new Map<bigint, ReadEntry>();

  /** Where the file stands, or where it would. */
  function placeOf(file: bigint): number {
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (view.getBigUint64(middle * entryBytes) < file) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  const holds = (place: number, file: bigint) => place < count && view.getBigUint64(place * entryBytes) === file;
  const entryAt = (place: number): ReadEntry => ({
    at: view.getUint32(place * entryBytes + 8),
    crc: view.getUint32(place * entryBytes + 12),
  });

  return {
    find(file) {
      const place = placeOf(file);
      return holds(place, file) ? entryAt(place) : added.get(file);
    },
    put(file, { at, crc }) {
      const place = placeOf(file);
      if (!holds(place, file)) {
        added.set(file, { at, crc });
        return;
      }
      view.setUint32(place * entryBytes + 8, at);
      view.setUint32(place * entryBytes + 12, crc);
    },
    encode(keep = () => true) {
      const old = Array.from({ length: count }, (_, place) => view.getBigUint64(place * entryBytes));
      const files = [...old, ...added.keys()].filter(keep).toSorted((a, b) => (a < b ? -1 : 1));
      const encoded = new Uint8Array(files.length * entryBytes);
      const into = new DataView(encoded.buffer);
      for (const [index, file] of files.entries()) {
        const { at, crc } = added.get(file) ?? entryAt(placeOf(file));
        into.setBigUint64(index * entryBytes, file);
        into.setUint32(index * entryBytes + 8, at);
        into.setUint32(index * entryBytes + 12, crc);
      }
      return encoded;
    },
  };
}
