import type { ArchiveHeader } from './archive.ts';
import { headerEntry, imageEntry, mostBytes, placeOf, sumsEntry, type EntryPlace } from './archive.ts';
import type { ArchiveForm, EntryChecker } from './archive-form.ts';
import { readHeader } from './read-header.ts';
import { shown } from './shown.ts';
import { pointObjectKey } from '../recovery-points/catalogue-keys.ts';

/** Entries of an archive at most: their names are held in memory. */
const mostEntries = 5_000_000;

/** An archive of a recovery point. */
export const pointArchive: ArchiveForm<ArchiveHeader, EntryPlace> = { headerEntry, readHeader, checker: entryChecker };

/** Judges the entries of an archive one after the other, before anything of them is used. */
export function entryChecker(): EntryChecker<ArchiveHeader, EntryPlace> {
  const seen = new Set<string>();
  const stores = new Map<string, { files: number; bytes: number }>();
  let images = 0;
  let ended = false;
  return {
    admit(entry, header) {
      const { name, bytes } = entry;
      const place = placeOf(name);
      if (place === undefined) return `it holds an entry that no archive of Rekindle has: ${shown(name)}`;
      if (ended) return `it goes on after ${sumsEntry}: ${shown(name)}`;
      if (seen.size === 0 ? place.kind !== 'header' : header === undefined)
        return `it does not begin with ${headerEntry}`;
      if (seen.has(name)) return `it holds ${shown(name)} twice`;
      if (seen.size >= mostEntries) return `it holds more than ${mostEntries} entries`;
      if (bytes > mostBytes(place)) return `${shown(name)} is larger than it may be: ${bytes} bytes`;
      if (place.kind === 'image' && place.number !== images + 1)
        return `it holds ${shown(name)} and lacks ${imageEntry(images + 1)}`;
      if (place.kind === 'image') images += 1;
      seen.add(name);
      ended = place.kind === 'sums';
      return (header && foreignTo(header, place, name)) ?? counted(stores, place, bytes);
    },
    end(header) {
      if (!ended) return `it is cut off: it does not end with ${sumsEntry}`;
      for (const { store, files, bytes } of header.stores) {
        const found = stores.get(store) ?? { files: 0, bytes: 0 };
        if (found.files !== files || found.bytes !== bytes)
          return `it holds ${found.files} files and ${found.bytes} bytes of the store ${store} instead of ${files} and ${bytes}`;
      }
      if (header.images !== undefined && images === 0) return `it lacks the images that it names: ${imageEntry(1)}`;
      return undefined;
    },
  };
}

/** Nothing of another platform or point may come along, nor of a store that the first entry does not name. */
function foreignTo(header: ArchiveHeader, place: EntryPlace, name: string): string | undefined {
  const { platform, point, stores, images } = header;
  if (
    (place.kind === 'catalogue' || place.kind === 'part') &&
    !place.key.startsWith(pointObjectKey(platform, point, ''))
  )
    return `it holds an object that is not of the recovery point ${point} of ${platform}: ${shown(name)}`;
  if (place.kind === 'repository' && !stores.some(({ store }) => store === place.store))
    return `it holds a file of a store that it does not name: ${shown(name)}`;
  if (place.kind === 'image' && images === undefined) return `it holds images and names none: ${shown(name)}`;
  return undefined;
}

function counted(stores: Map<string, { files: number; bytes: number }>, place: EntryPlace, bytes: number): EntryPlace {
  if (place.kind !== 'repository') return place;
  const { files, bytes: before } = stores.get(place.store) ?? { files: 0, bytes: 0 };
  stores.set(place.store, { files: files + 1, bytes: before + bytes });
  return place;
}
