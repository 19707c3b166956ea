import { compactTime, isoTime, runOf, slugOf } from '../recovery-points/key-parts.ts';
import type { PlatformName, StoreName } from '../platform.ts';

/** How much of a store's repository was read, and when: it stands in the key of the scrub's state, for lists and status. */
export interface Coverage {
  store: StoreName;
  /** When that scrub began. ISO 8601, UTC, to the second. */
  at: string;
  /** The time that the platform file sets. */
  days: number;
  /** Files that recovery points refer to, and those of them that were read within so many days. */
  files: number;
  recentFiles: number;
  bytes: number;
  recentBytes: number;
  /** When the file was read that was not read for longest; absent: some were never read. */
  oldest?: string;
  /** Files that are damaged or missing. */
  damaged: number;
}

const never = '-';

export function scrubPrefix(platform: PlatformName): string {
  return `${platform}/scrub/`;
}

/** Keys of one store sort by time. */
export function scrubKey(platform: PlatformName, coverage: Coverage): string {
  const { store, at, days, files, recentFiles, bytes, recentBytes, oldest, damaged } = coverage;
  const numbers = [days, files, recentFiles, bytes, recentBytes, damaged];
  const words = [compactTime(at), ...numbers, oldest === undefined ? never : compactTime(oldest)];
  return `${scrubPrefix(platform)}${slugOf(store)}~${words.join('~')}`;
}

/** The reverse; undefined: no such key. */
export function parseScrubKey(platform: PlatformName, key: string): Coverage | undefined {
  const prefix = scrubPrefix(platform);
  if (!key.startsWith(prefix)) return undefined;
  const [slug = '', time = '', ...rest] = key.slice(prefix.length).split('~');
  const [store, at] = [runOf(slug), isoTime(time)];
  const last = rest.pop() ?? '';
  const oldest = last === never ? undefined : isoTime(last);
  const numbers = rest.map(Number);
  if (!store || at === undefined || (oldest === undefined && last !== never)) return undefined;
  if (numbers.length !== 6 || !numbers.every((each) => Number.isFinite(each) && each >= 0)) return undefined;
  const [days = 0, files = 0, recentFiles = 0, bytes = 0, recentBytes = 0, damaged = 0] = numbers;
  return {
    store,
    at,
    days,
    files,
    recentFiles,
    bytes,
    recentBytes,
    damaged,
    ...(oldest !== undefined && { oldest }),
  };
}
