import { isShrunk } from '../streams/counts.ts';
import type { VolumeExpectedSet } from './expected.ts';

type Listed = Pick<VolumeExpectedSet, 'listing'>;

/** `12 files with 3456 bytes`. */
export const volumeWords = ({ listing }: Listed): string => `${listing.files} files with ${listing.bytes} bytes`;

/** What a backup holds less than the one before, a sentence each; none: all is as it should be. */
export function volumeShrinkage(
  { listing: then }: Listed,
  { listing: now }: Listed,
  mayShrinkPercent: number,
): string[] {
  return (['files', 'bytes'] as const)
    .filter((key) => isShrunk(then[key], now[key], mayShrinkPercent))
    .map((key) => `it has ${now[key]} ${key}, of ${then[key]}`);
}
