/** Objects of any size, written and read in pieces; keys as in ObjectStorage, and next to those objects. */
export interface StreamStorage {
  /** For people, without secrets. */
  readonly description: string;
  /**
   * Writes an object, which is there when it is complete and never before; what was under the key is replaced. When the
   * pieces throw, nothing is written and that is thrown. Memory: two parts of 16 or 32 MiB.
   */
  write: (key: string, pieces: AsyncIterable<Uint8Array>, options?: { signal?: AbortSignal }) => Promise<void>;
  /** undefined: there is no such object. A connection that breaks is made again where it was. */
  read: (key: string, options?: { signal?: AbortSignal }) => Promise<AsyncIterable<Uint8Array> | undefined>;
  /**
   * Removes what writers that died left unfinished in a folder (which ends with `/`). A writer that still lives fails. Returns
   * how many there were.
   */
  abandon: (folder: string) => Promise<number>;
}
