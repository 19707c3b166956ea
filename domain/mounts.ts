import type { StoreName } from './names.ts';

/** Something of the host, or of its memory, at a path inside a container. */
export interface Mount {
  type: 'volume' | 'bind' | 'tmpfs';
  /** A volume's name, or the path on the host of a folder or file; empty for what lies in memory. */
  source: string;
  /** The path inside the container, without a slash at its end. */
  destination: string;
  readOnly: boolean;
}

/** Where the servers of a store keep what, as absolute paths inside their containers. */
export interface StorePaths {
  data: string[];
  /** Where Elasticsearch may have repositories of the type `fs`: `path.repo`. */
  repositories: string[];
  logs: string[];
  /** The program with its modules and plugins; `undefined`: not known. */
  home?: string;
  /** Who says so: the server while it lives, the files and variables of its container, or what its image usually does. */
  source: 'server' | 'configuration' | 'convention';
  /** What the server demands of its disks; absent: not known. */
  disk?: DiskRule;
}

/** When Elasticsearch stops to put shards on a disk, and how much it puts there. */
export interface DiskRule {
  /**
   * The low watermark as Elasticsearch writes it: the share of the disk that may be used (`85%`, `0.85`), or what must stay
   * free (`50gb`). Absent: disk thresholds are off.
   */
  low?: string;
  /** Of a share, no more than this must stay free (`200GB`; `-1`: no bound). Absent: no bound. */
  maxHeadroom?: string;
  /** How many times its nodes hold its data together, replicas included; 1: no replicas. */
  copies: number;
}

/** By store; one whose paths nobody knows is absent. */
export type PathsOfStores = Record<StoreName, StorePaths>;

/** Whether `inner` is `outer` or lies below it; both absolute. */
export function contains(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

/** The mount on which a path lies: the deepest of those that contain it; `undefined`: it lies in the container's own layer. */
export function mountUnder(path: string, mounts: readonly Mount[]): Mount | undefined {
  return mounts
    .filter(({ destination }) => contains(destination, path))
    .toSorted((a, b) => b.destination.length - a.destination.length)[0];
}

/** A bind-mounted folder is named by its absolute path where a volume has its name: no volume's name begins with a slash. */
export function isFolder(volume: string): boolean {
  return volume.startsWith('/');
}
