/** How a part's content is compressed before it is encrypted; `none`: its source did so itself. */
export type Compression = 'gzip' | 'none';

/** One of the streams that a store's backup consists of, such as a database: by this its object is found and checked. */
export interface PartReceipt {
  part: string;
  key: string;
  compression: Compression;
  /** Of the object, encrypted. */
  bytes: number;
  sha256: string;
  content: { bytes: number; sha256: string };
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string;
}
