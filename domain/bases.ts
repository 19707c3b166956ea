import type { Platform, RepositorySettings, Store, StoreName } from './platform.ts';
import type { StoreArtefact } from './recovery-points/recovery-point.ts';

/*
 * A repository whose files are damaged beyond repair goes on in a new base: a second repository in another folder of the same
 * bucket, with full snapshots. Older points stay in the older one. Which base a point is in stands in its manifest, as the
 * repository's name; so nothing else need be kept.
 */

/** Which base of its repository each store uses; one that is not named uses the first, which the platform file describes. */
export type Bases = Record<StoreName, number>;

/** The repository of a base: `s3_backup` in `es` is `s3_backup-base-2` in `es-base-2`. */
export function repositoryAt(repository: RepositorySettings, base: number): RepositorySettings {
  if (base <= 1) return repository;
  const { name, settings } = repository;
  const folder = (settings['base_path'] ?? '').replace(/\/+$/, '');
  const path = folder === '' ? `base-${base}` : `${folder}-base-${base}`;
  return { ...repository, name: `${name}-base-${base}`, settings: { ...settings, base_path: path } };
}

/** The base whose repository has this name; undefined: it is none of this repository's. */
export function baseNamed(repository: Pick<RepositorySettings, 'name'>, name: string): number | undefined {
  if (name === repository.name) return 1;
  const number = name.startsWith(`${repository.name}-base-`) ? name.slice(repository.name.length + 6) : '';
  return /^[1-9]\d{0,5}$/.test(number) && number !== '1' ? Number(number) : undefined;
}

/** The platform with its stores on these bases. `platform`: as its file describes it. */
export function withBases(platform: Platform, bases: Bases | undefined): Platform {
  if (bases === undefined || Object.keys(bases).length === 0) return platform;
  const stores = platform.stores.map((store): Store => {
    const base = bases[store.name] ?? 1;
    if (store.kind !== 'elasticsearch' || base <= 1) return store;
    return { ...store, base, repository: repositoryAt(store.repository, base) };
  });
  return { ...platform, stores };
}

/** The other way round, to be spread into a plan, a call or a question: nothing while all stores use their first base. */
export function basesIn({ stores }: Pick<Platform, 'stores'>): { bases?: Bases } {
  const later = stores.flatMap((store) =>
    store.kind === 'elasticsearch' && store.base !== undefined ? [[store.name, store.base] as const] : [],
  );
  return later.length === 0 ? {} : { bases: Object.fromEntries(later) };
}

/** Those that a recovery point is in. `platform`: as its file describes it. Repositories that are none of its are left out. */
export function basesOfPoint(
  { stores }: Pick<Platform, 'stores'>,
  artefacts: readonly Pick<StoreArtefact, 'store' | 'repository'>[],
): Bases {
  const found = artefacts.flatMap(({ store: name, repository }) => {
    const store = stores.find((each) => each.name === name);
    const base = store?.kind === 'elasticsearch' ? baseNamed(store.repository, repository) : undefined;
    return base === undefined || base === 1 ? [] : [[name, base] as const];
  });
  return Object.fromEntries(found);
}

/** What scrubs know a store's base by: the store's name, of the first. */
export function scrubName(store: StoreName, base = 1): StoreName {
  return base === 1 ? store : `${store} (base ${base})`;
}
