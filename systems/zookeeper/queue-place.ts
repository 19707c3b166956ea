import type { EntryFormat } from '../../domain/platform.ts';

/** A queue in ZooKeeper: where it lies and how its entries look. */
export interface QueuePlace {
  /** The node below which `path` lies; empty: the root. */
  chroot?: string;
  /** The queue's node, `/job`. */
  path: string;
  entry: EntryFormat;
}

/** Where the entries of a queue lie, and their locks. */
export function foldersOf({ chroot = '', path, entry }: QueuePlace): { entries: string; locks: string } {
  return { entries: `${chroot}${path}/${entry.folder}`, locks: `${chroot}${path}/${entry.locks}` };
}
