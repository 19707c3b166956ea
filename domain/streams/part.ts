import type { PlatformName, StoreName } from '../platform.ts';
import { runOf, slugOf } from '../recovery-points/key-parts.ts';
import { pointObjectKey } from '../recovery-points/catalogue-keys.ts';
import type { RecoveryPointId } from '../recovery-points/point-id.ts';
import type { Compression } from './receipt.ts';

export type * from './receipt.ts';

/** The folder of a store's objects in a recovery point; it ends with `/`. */
export function storeFolder(platform: PlatformName, point: RecoveryPointId, store: StoreName): string {
  return `${pointObjectKey(platform, point, 'stores')}/${store}/`;
}

/** Where a part lies. Whatever its name, it is one object in the store's folder. */
export function partKey(folder: string, part: string, compression: Compression): string {
  if (part === '') throw new RangeError('A part needs a name');
  return `${folder}${slugOf(part)}${suffixes[compression]}`;
}

/** The part whose object this is; undefined: it is none. */
export function parsePartKey(folder: string, key: string): { part: string; compression: Compression } | undefined {
  const compression = key.endsWith(suffixes.gzip) ? 'gzip' : 'none';
  if (!key.startsWith(folder) || !key.endsWith(suffixes[compression])) return undefined;
  const slug = key.slice(folder.length, -suffixes[compression].length);
  const part = slug === '' ? undefined : runOf(slug);
  return part === undefined ? undefined : { part, compression };
}

/** Whether an object of a point is a part of a store, whatever its name; its key below the point's folder. */
export const isPart = (name: string): boolean =>
  /^stores\/[^/]+\/./.test(name) && Object.values(suffixes).some((suffix) => name.endsWith(suffix));

/** Neither ends with the other: no two parts have one key. */
const suffixes: Record<Compression, string> = { gzip: '.gz.age', none: '.raw.age' };
