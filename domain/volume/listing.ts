/** What a folder holds: equal trees have equal listings, in whatever order they are read. Kept unencrypted: no names. */
export interface Listing {
  files: number;
  folders: number;
  /** Symbolic and hard links, sockets, devices. */
  others: number;
  /** Of the files' content. */
  bytes: number;
  /** Owner and mode of the folder itself; absent: the archive does not say. */
  root?: { uid: number; gid: number; mode: number };
  /** Over path, kind, owner, mode and content of every entry, and not over times. */
  digest: string;
}

/** `kind`: as tar has it. */
export interface ArchiveEntry {
  path: string;
  kind: string;
  target?: string;
}

/** How one listing differs from the expected one, a phrase each; none: they are of equal trees. */
export function differences(expected: Listing, found: Listing): string[] {
  const counts = (['files', 'folders', 'others', 'bytes'] as const)
    .filter((key) => expected[key] !== found[key])
    .map((key) => `${found[key]} ${key} instead of ${expected[key]}`);
  if (counts.length > 0) return counts;
  if (expected.digest !== found.digest)
    return ['as many files and bytes as expected, with other names, owners, modes or content'];
  return isSameRoot(expected.root, found.root) ? [] : ['another owner or mode of the folder itself'];
}

function isSameRoot(one: Listing['root'], other: Listing['root']): boolean {
  return one?.uid === other?.uid && one?.gid === other?.gid && one?.mode === other?.mode;
}

/**
 * Why an entry must not be unpacked: it would lie, or reach, outside of the folder that it is unpacked in. Symbolic links may
 * point anywhere, as they do in any volume; nothing follows them here. Undefined: it may.
 */
export function harmOf({ path, kind, target }: ArchiveEntry): string | undefined {
  if (leavesFolder(path)) return `the entry "${path}" lies outside of the archive`;
  if (kind === 'link' && (target === undefined || leavesFolder(target)))
    return `the hard link "${path}" leads to "${target ?? ''}", outside of the archive`;
  if (path.includes('\0')) return 'a name holds a zero byte';
  return undefined;
}

function leavesFolder(path: string): boolean {
  return path.startsWith('/') || path.split('/').includes('..');
}
