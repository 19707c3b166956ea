import type { CaptureOutline, ObservedDeployment } from '../deployment.ts';
import { isMissing, type TellsMissing } from '../recovery-points/missing-stores.ts';
import { contains, mountUnder, type Mount, type PathsOfStores, type StorePaths } from '../mounts.ts';
import {
  servicesInStopOrder,
  servicesOf,
  type HostName,
  type Platform,
  type ServiceName,
  type Store,
  type StoreName,
} from '../platform.ts';

/** What a restore does with one mount of one service, and why. */
export interface MountFate extends Omit<Mount, 'readOnly'> {
  service: ServiceName;
  /** Its content is set aside (or removed) before new data comes; otherwise it stays as it is. */
  goes: boolean;
  /** Absent: the platform's own. */
  host?: HostName;
  why: string;
}

export interface MountSituation {
  platform: Platform;
  observed: Pick<ObservedDeployment, 'containers'>;
  capture: Pick<CaptureOutline, 'containers'>;
  storePaths: PathsOfStores;
  /** Of the point that is restored; absent: there is none. */
  manifest?: TellsMissing;
}

/** The mounts of a service: of its containers, and of those that a restore creates again from the capture. */
export function mountsOf({ observed, capture }: MountSituation, service: ServiceName): Mount[] {
  const there = new Set(observed.containers.map(({ name }) => name));
  const containers = [...observed.containers, ...capture.containers.filter(({ name }) => !there.has(name))];
  const mounts = new Map<string, Mount>();
  for (const container of containers.filter((one) => one.service === service))
    for (const mount of container.mounts)
      mounts.set(JSON.stringify([mount.type, mount.source, mount.destination]), mount);
  return [...mounts.values()].toSorted((a, b) => (a.destination < b.destination ? -1 : 1));
}

/**
 * Every mount of every service that the platform file names. What a store is known to keep its data on goes; so does
 * what the platform file calls data. Everything else stays, above all what is not known, and what the point cannot bring back.
 */
export function mountFates(situation: MountSituation): MountFate[] {
  const kept = keptMounts(situation);
  const fates = servicesInStopOrder(situation.platform)
    .toReversed()
    .flatMap((service) => {
      const mounts = mountsOf(situation, service);
      return mounts.map((mount) => {
        const fate = fateOf(situation, service, mount, mounts);
        const store = fate.goes ? kept.get(mount.source) : undefined;
        return store === undefined ? fate : { ...fate, goes: false, why: `${store} is not in the recovery point` };
      });
    });
  // What two services share has one fate.
  return fates.map((fate) => {
    const data = fate.goes ? undefined : fates.find(({ goes, source }) => goes && source === fate.source);
    return data ? { ...fate, goes: true, why: `${data.service} mounts it too: ${data.why}` } : fate;
  });
}

/**
 * What servers of a store that the point goes without have mounted, by source, with the store; but not what is known to hold data of
 * a store that comes back.
 */
function keptMounts(situation: MountSituation): Map<string, StoreName> {
  const { platform, manifest = {}, storePaths } = situation;
  const missing = platform.stores.filter(({ name }) => isMissing(manifest, name));
  const kept = new Map<string, StoreName>();
  for (const store of missing)
    for (const service of servicesOf(store))
      for (const { source } of mountsOf(situation, service)) kept.set(source, store.name);
  if (kept.size === 0) return kept;
  for (const store of platform.stores.filter((each) => !missing.includes(each)))
    for (const service of servicesOf(store)) {
      const mounts = mountsOf(situation, service);
      for (const mount of mounts)
        if (dataOn(mount, mounts, storePaths[store.name]) !== undefined) kept.delete(mount.source);
    }
  return kept;
}

/** The store's path whose data lies on the mount. */
const dataOn = (mount: Mount, mounts: readonly Mount[], paths: StorePaths | undefined): string | undefined =>
  paths?.data.find((path) => contains(path, mount.destination) || mountUnder(path, mounts) === mount);

/** Volumes by name, folders by path. */
export function whatGoes(situation: MountSituation): Set<string> {
  return new Set(mountFates(situation).flatMap(({ goes, source }) => (goes ? [source] : [])));
}

function fateOf(situation: MountSituation, service: ServiceName, mount: Mount, mounts: readonly Mount[]): MountFate {
  const { platform, storePaths } = situation;
  const { type, source, destination, readOnly } = mount;
  const fate = (goes: boolean, why: string): MountFate => ({ service, type, source, destination, goes, why });
  const named = platform.deployment.volumes[source];
  if (type === 'tmpfs') return fate(false, 'in memory: empty at each start');
  if (named !== undefined) return fate(named === 'data', `deployment.volumes of the platform file: ${named}`);
  if (!platform.deployment.data.includes(service)) return fate(false, `${service} is no data service`);
  const stores = platform.stores.filter((store) => servicesOf(store).includes(service));
  const known = stores.flatMap((store) => {
    const paths = storePaths[store.name];
    return paths ? [{ store, paths }] : [];
  });
  if (known.length === 0) return fate(false, `it is not known where ${service} keeps its data`);
  if (readOnly) return fate(false, 'mounted read-only');
  const repository = known.flatMap((each) => repositoriesOf(each)).find(({ path }) => contains(path, destination));
  if (repository) return fate(false, repository.what);
  for (const { store, paths } of known) {
    const data = dataOn(mount, mounts, paths);
    if (data !== undefined) return fate(true, `data of ${store.name} (${data})`);
  }
  return fate(false, otherUse(known, mount, mounts));
}

type Known = { store: Store; paths: StorePaths };

/** Where the store's own repository lies, and where others may. */
function repositoriesOf({ store, paths }: Known): { path: string; what: string }[] {
  return [
    ...repositoryPaths(store, paths).map((path) => ({ path, what: `holds the repository of ${store.name} (${path})` })),
    ...paths.repositories.map((path) => ({ path, what: `holds repositories of ${store.name} (path.repo ${path})` })),
  ];
}

/** The folder of the store's repository of the type `fs`; a relative one lies below one of `path.repo`. */
export function repositoryPaths(store: Store, paths: StorePaths): string[] {
  if (store.kind !== 'elasticsearch' || store.repository.type !== 'fs') return [];
  const location = (store.repository.settings['location'] ?? '').replace(/(.)\/+$/, '$1');
  if (location.startsWith('/')) return [location];
  return paths.repositories.map((folder) => (location === '' ? folder : `${folder}/${location}`));
}

function otherUse(known: readonly Known[], mount: Mount, mounts: readonly Mount[]): string {
  for (const each of known) {
    const { store, paths } = each;
    const repository = repositoriesOf(each).find(({ path }) => mountUnder(path, mounts) === mount);
    if (repository) return repository.what;
    const logs = paths.logs.find((path) => contains(path, mount.destination));
    if (logs !== undefined) return `logs of ${store.name} (${logs})`;
    if (paths.home !== undefined && contains(paths.home, mount.destination))
      return `program or configuration of ${store.name} (${paths.home})`;
  }
  return `holds no data of ${known.map(({ store }) => store.name).join(', ')}, as far as is known`;
}
