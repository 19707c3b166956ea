import { crc32 } from 'node:zlib';
import type { LargeObjects } from '../../object-storage/s3-objects.ts';
import { contentOf } from './checked-file.ts';
import { faultOf, luceneChecksum } from './lucene-checksum.ts';
import type { RepositoryFile } from './repository-files.ts';

/** What reading a file found; `crc`: of every byte. */
export interface ReadResult {
  bytes: number;
  crc: number;
  /** Absent: it is as it must be. */
  fault?: string;
}

export interface ReadOptions {
  /** Earlier contents to be read in place of those of these parts. */
  versions?: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
  onBytes?: (count: number) => void;
}

/** Metadata is far smaller; what is larger is none. */
const mostMetadataBytes = 256 * 1024 * 1024;

/**
 * Reads all of a file's content and compares it with what it must be. Of data no more than a piece at a time is in memory.
 * Failures: those of the storage.
 */
export async function readRepositoryFile(
  objects: Pick<LargeObjects, 'read'>,
  { parts, bytes, content }: RepositoryFile,
  { versions = {}, signal, onBytes }: ReadOptions = {},
): Promise<ReadResult> {
  const check = contentCheck({ bytes, content });
  let total = 0;
  for (const [place, { key }] of parts.entries()) {
    const version = versions[key];
    const pieces = await objects.read(key, { ...(version !== undefined && { version }), ...(signal && { signal }) });
    const part = parts.length > 1 ? `its part ${place}` : 'it';
    if (pieces === undefined) return { bytes: total, crc: 0, fault: `${part} is not there` };
    for await (const piece of pieces) {
      total += piece.length;
      onBytes?.(piece.length);
      check.add(piece);
    }
  }
  return { bytes: total, ...check.end() };
}

/** Judges a file's content while it passes by in pieces, whoever reads it. */
export function contentCheck({ bytes, content }: Pick<RepositoryFile, 'bytes' | 'content'>): {
  add: (piece: Uint8Array) => void;
  end: () => Omit<ReadResult, 'bytes'>;
} {
  if (content.kind === 'data') {
    const { checksum } = content;
    const sum = luceneChecksum();
    return {
      add: sum.add,
      end() {
        const found = sum.end();
        const fault = faultOf(found, { bytes, ...(checksum !== undefined && { checksum }) });
        return { crc: found.whole, ...(fault !== undefined && { fault }) };
      },
    };
  }
  if (content.kind === 'repository-index') {
    let crc = 0;
    return { add: (piece) => void (crc = crc32(piece, crc)), end: () => ({ crc }) };
  }
  const { kind, faultIn, crc: wanted } = content;
  const kept: Uint8Array[] = [];
  let total = 0;
  return {
    add(piece) {
      total += piece.length;
      if (total <= mostMetadataBytes) kept.push(piece);
    },
    end() {
      const file = Buffer.concat(kept);
      const crc = crc32(file);
      try {
        // Read also where nobody looks inside: that is what finds a wrong checksum.
        const inside = contentOf(file, kind);
        const other = wanted !== undefined && wanted !== crc ? 'it is not what the backup wrote' : undefined;
        const fault = faultIn?.(inside) ?? other;
        return { crc, ...(fault !== undefined && { fault }) };
      } catch (error) {
        return { crc, fault: (error as Error).message };
      }
    },
  };
}
