import { catalogueEntry, placeOf } from '../../domain/archives/archive.ts';
import { parsePointObject, parsePointObjectKey, type Marker } from '../../domain/recovery-points/catalogue-keys.ts';
import { Failure } from '../../domain/failures.ts';
import type { PlatformName } from '../../domain/platform.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { Catalogue } from '../../systems/catalogue/catalogue.ts';

/** What is known of the content travels with it; who keeps it, or deletes it, is a matter of the place where it lies. */
const travelling: ReadonlySet<Marker> = new Set(['proven', 'bad', 'suspect', 'accepted']);

/** The objects of a point that an archive holds, but for the parts of its stores, which may be large; the manifest last, since it makes the others a recovery point. */
export async function keptObjects(
  catalogue: Pick<Catalogue, 'objectsOf' | 'readObject'>,
  platform: PlatformName,
  id: RecoveryPointId,
): Promise<{ key: string; content: Uint8Array }[]> {
  const keys = (await catalogue.objectsOf(id))
    .map(({ key }) => key)
    .filter((key) => rank(platform, key) !== undefined && placeOf(catalogueEntry(key))?.kind === 'catalogue');
  const sorted = keys.toSorted((a, b) => (rank(platform, a) ?? 0) - (rank(platform, b) ?? 0) || (a < b ? -1 : 1));
  const objects: { key: string; content: Uint8Array }[] = [];
  for (const key of sorted) {
    const content = await catalogue.readObject(key);
    if (content === undefined)
      throw new Failure('CatalogueRefused', {
        message: `${key} was removed while the recovery point ${id} was exported`,
        remedy: 'Choose another recovery point, or export again',
      });
    objects.push({ key, content });
  }
  return objects;
}

/** Undefined: it stays behind. */
export function rank(platform: PlatformName, key: string): number | undefined {
  const place = parsePointObjectKey(platform, key);
  const object = place && parsePointObject(place.name);
  switch (object?.kind) {
    case 'object':
    case 'adopted':
      return 0;
    case 'marker':
      return travelling.has(object.marker.marker) ? 1 : undefined;
    case 'manifest':
      return 2;
    default:
      return undefined;
  }
}
