/** Where objects are kept: a bucket or a directory. Keys are `/`-separated, never begin with `/`, hold no `..`. */
export interface ObjectStorage {
  /** For people, without secrets: `s3://bucket/prefix at http://…`, `directory /var/…`. */
  readonly description: string;
  /** Writes the whole object or nothing; what was under the key is replaced. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** undefined: there is no such object. */
  get(key: string): Promise<Uint8Array | undefined>;
  /**
   * Every object whose key begins with `prefix` (also in the middle of a name), with its size; in no order. With `after`
   * only those whose keys sort behind it.
   */
  list(prefix: string, range?: { after?: string }): AsyncIterable<StoredObject>;
  /** An object that is not there is as good as deleted. */
  delete(key: string): Promise<void>;
}

export interface StoredObject {
  key: string;
  bytes: number;
}
