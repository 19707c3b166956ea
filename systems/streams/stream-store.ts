import type { Check } from '../../domain/checks.ts';
import type { Compression } from '../../domain/streams/part.ts';
import type { Watch } from '../../domain/watch.ts';
import type { Pieces } from './pieces.ts';

/** One of the streams that a backup consists of; it is read once. */
export interface PartSource {
  /** Stable from one backup to the next: `database-app`. */
  part: string;
  compression: Compression;
  /** For messages: `pg_dump of the database app`. */
  what: string;
  pieces: Pieces;
  /** Roughly, before compression; absent: not known. */
  expectedBytes?: number;
}

/** When it has returned, the part is kept. */
export type WritePart = (source: PartSource) => Promise<void>;

/** Between these a store's data was read as they were; ISO 8601, UTC. */
export interface Moment {
  from: string;
  to: string;
}

export interface Taken<Expected> {
  expected: Expected;
  moment: Moment;
}

/**
 * What a kind of store must provide whose backups are streams (decision 40). Each is idempotent, and fails as the tools of the
 * store and its container do. `Expected` is the expected set: plain JSON without secrets, values or keys of rows.
 */
export interface StreamStore<Expected> {
  /** Versions, rights, tools; changes nothing. With an expected set: whether it can be restored here. */
  check: (expected: Expected | undefined, watch: Watch) => Promise<Check[]>;
  /** Returns when the server answers that will go on to answer, and not one of its image's first start. */
  answers: (watch: Watch) => Promise<void>;
  /** What there is to back up: bytes by part. */
  inventory: (watch: Watch) => Promise<Record<string, number>>;
  /**
   * Reads everything as of one moment, part by part. First it ends what an earlier attempt of the same run left behind, and
   * however it ends it leaves nothing behind in the store.
   */
  backUp: (write: WritePart, watch: Watch) => Promise<Taken<Expected>>;
  /** The parts in the order in which they are restored, from the names that a point has. */
  order: (parts: readonly string[]) => string[];
  /** Restores a part, in place of what is there, which is set aside for the run. Begun again, it begins anew. */
  restore: (part: string, pieces: Pieces, run: string, watch: Watch) => Promise<void>;
  /** What is there now, against what was backed up. */
  compare: (expected: Expected, watch: Watch) => Promise<Check[]>;
  /** Brings back what a run's restore set aside of these parts. */
  putBack: (parts: readonly string[], run: string, watch: Watch) => Promise<void>;
  /** Removes it for good. */
  release: (parts: readonly string[], run: string, watch: Watch) => Promise<void>;
}
