/** A kind of archive: how its first entry is read, and which entries it may have. */
export interface ArchiveForm<Header, Place extends { kind: string }> {
  /** The name of the first entry, whose place has the kind `header`; that of the digests, always last, has `sums`. */
  headerEntry: string;
  /** The header; or, as a text, why it cannot be used. */
  readHeader: (text: string) => Header | string;
  /** Judges one archive's entries, one after the other. */
  checker: () => EntryChecker<Header, Place>;
}

export interface EntryChecker<Header, Place> {
  /** The entry's place; or, as a text, why the archive is refused. `header`: once it was read. */
  admit: (entry: { name: string; bytes: number }, header: Header | undefined) => Place | string;
  /** After the last entry: what is missing; undefined: nothing. */
  end: (header: Header) => string | undefined;
}
