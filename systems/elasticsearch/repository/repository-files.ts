import type { IndexName, SnapshotName } from '../../../domain/platform.ts';
import type { RecoveryPointId } from '../../../domain/recovery-points/recovery-point.ts';
import type { FileKind } from './checked-file.ts';

/** A recovery point as one repository holds it. */
export interface HeldPoint {
  id: RecoveryPointId;
  snapshot: SnapshotName;
  /** The snapshot's. */
  uuid: string;
  /** CRC-32 of its global metadata as the backup found it; absent: not known. */
  globalMetadataCrc?: number;
  indices: readonly { name: IndexName; primaries: number }[];
}

/** A file of a repository, with what its content must be. */
export interface RepositoryFile {
  /** Of a file in several parts: without their ending. */
  key: string;
  /** For people: `nuvla-job[1], file _0.cfs`. */
  what: string;
  index?: IndexName;
  /** Absent: it belongs to no shard. */
  shard?: number;
  /** Who refers to it. */
  points: readonly HeldPoint[];
  /** In order, with their sizes; those of metadata are not known. */
  parts: readonly { key: string; bytes?: number }[];
  bytes: number;
  content: DataContent | MetadataContent | IndexContent;
}

/** A file of Lucene's. */
export interface DataContent {
  kind: 'data';
  /** Lucene's name, by which another repository knows the same file. */
  physicalName: string;
  checksum?: number;
}

/** A small file of Elasticsearch's own, which holds its checksum. */
export interface MetadataContent {
  kind: FileKind;
  /** CRC-32 of the whole file, where something else than the repository knows it. */
  crc?: number | undefined;
  /** What is wrong with content whose checksum matches: it is another's. */
  faultIn?: (content: Buffer) => string | undefined;
}

/** The repository's own index: it holds no checksum, so only what it was when it was read first tells of damage. */
export interface IndexContent {
  kind: 'repository-index';
}

/** A fault that a look without reading finds. */
export interface FoundFault {
  file: RepositoryFile;
  fault: string;
}
