import { failed, passed, type Check } from '../checks.ts';

/** What a tree of files holds: equal trees have equal listings, whatever order they are read in. Kept unencrypted: no names. */
export interface Listing {
  files: number;
  folders: number;
  /** Symbolic and hard links, sockets, devices. */
  others: number;
  /** Of the files' content. */
  bytes: number;
  /** Over path, kind, owner, mode and content of every entry, and not over times. */
  digest: string;
}

/** `kind`: as tar has it. */
export interface ArchiveEntry {
  path: string;
  kind: string;
  target?: string;
}

/** Whether what was restored is what was backed up. `name` is the check's: `volume nuvla_certs`. */
export function compareListings(name: string, expected: Listing, restored: Listing): Check {
  const differing = (['files', 'folders', 'others', 'bytes'] as const)
    .filter((key) => expected[key] !== restored[key])
    .map((key) => `${restored[key]} ${key} instead of ${expected[key]}`);
  if (differing.length > 0) return failed(name, differing.join(', '), remedy);
  if (expected.digest !== restored.digest)
    return failed(name, 'As many files and bytes as expected, with other names, owners, modes or content', remedy);
  return passed(name, `${expected.files} files with ${expected.bytes} bytes are as they were backed up`);
}

const remedy = 'Look for a container that writes here meanwhile, then restore it again, or from another recovery point';

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
