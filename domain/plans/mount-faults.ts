import { isMissing } from '../recovery-points/missing-stores.ts';
import { contains, isFolder, mountUnder, type Mount, type StorePaths } from '../mounts.ts';
import { servicesOf, type ServiceName, type Store, type VolumeTreatment } from '../platform.ts';
import { mountsOf, repositoryPaths, whatGoes, type MountSituation } from './mount-fates.ts';

/** Something about the mounts that a restore must not meet. */
export interface MountFault {
  evidence: string;
  remedy: string;
}

type Situation = MountSituation & { volumes: VolumeTreatment };

/** Data that a restore could not set aside, and what it would take away though it is no data. */
export function misplacedData(situation: Situation): MountFault[] {
  const goes = whatGoes(situation);
  return situation.platform.stores.flatMap((store) => {
    const paths = situation.storePaths[store.name];
    return servicesOf(store).flatMap((service) => {
      const mounts = mountsOf(situation, service);
      const isKnown = [...situation.observed.containers, ...situation.capture.containers].some(
        (container) => container.service === service,
      );
      if (!isKnown || paths === undefined) return [];
      const place: Place = { store, service, paths, mounts, goes };
      const ofData = isMissing(situation.manifest ?? {}, store.name) ? lossFaults(place) : dataFaults(situation, place);
      return [...ofData, ...repositoryFaults(situation, place), ...programFaults(place)];
    });
  });
}

interface Place {
  store: Store;
  service: ServiceName;
  paths: StorePaths;
  mounts: Mount[];
  goes: ReadonlySet<string>;
}

/** Old data that stays where its server looks for it would meet the restored one. */
function dataFaults({ volumes }: Situation, { store, service, paths, mounts, goes }: Place): MountFault[] {
  return paths.data.flatMap((path) => {
    const mount = mountUnder(path, mounts);
    const where = `${service} keeps the data of ${store.name} (${path})`;
    const move = `Give ${service} a volume or a bind-mounted folder at ${path}, move its data there, and take a new backup`;
    // What an image usually does is a guess: it may keep all in one of these places. And each of several servers may have
    // a place of its own.
    const isOneOfSeveral = paths.source === 'convention' || servicesOf(store).length > 1;
    if (mount === undefined && isOneOfSeveral && paths.data.some((other) => mountUnder(other, mounts))) return [];
    if (mount === undefined)
      return [{ evidence: `${where} in the container itself, where it cannot be set aside`, remedy: move }];
    if (mount.type === 'tmpfs')
      return volumes === 'remove'
        ? []
        : [
            {
              evidence: `${where} in memory: it is gone as soon as the service stops, with no way back`,
              remedy: `${move}; or use --volumes remove, which leaves no way back`,
            },
          ];
    if (goes.has(mount.source)) return [];
    const why = mount.readOnly ? 'is mounted read-only' : 'is kept by deployment.volumes of the platform file';
    return [
      {
        evidence: `${where} on ${mount.source}, which ${why}: its old data would stay`,
        remedy: mount.readOnly ? `Mount ${mount.source} writable` : `Take ${mount.source} out of deployment.volumes`,
      },
    ];
  });
}

/** The data of a store that the point goes without would be lost with what it lies on. */
function lossFaults(place: Place): MountFault[] {
  const { store, service, paths } = place;
  return paths.data.flatMap((path) => {
    const how = howLost(place, path);
    if (how === undefined) return [];
    return [
      {
        evidence: `${service} keeps the data of ${store.name} (${path}) ${how}, and the recovery point does not hold that store`,
        remedy: `Choose a recovery point that holds ${store.name}, or give ${service} a volume of its own at ${path}`,
      },
    ];
  });
}

/** Undefined: it stays. */
function howLost({ paths, mounts, goes }: Place, path: string): string | undefined {
  const mount = mountUnder(path, mounts);
  if (mount === undefined) {
    const isGuess = paths.source === 'convention' || paths.data.some((other) => mountUnder(other, mounts));
    return isGuess ? undefined : 'in the container itself, which a restore may remove';
  }
  const taken = [...goes].find((one) => one === mount.source || (isFolder(one) && contains(one, mount.source)));
  if (taken !== undefined) return `on ${taken}, which goes`;
  return mount.type === 'tmpfs' ? 'in memory, which is gone when it stops' : undefined;
}

/** The backups themselves must survive what a restore does. */
function repositoryFaults({ volumes }: Situation, { store, service, paths, mounts, goes }: Place): MountFault[] {
  return repositoryPaths(store, paths).flatMap((path) => {
    const mount = mountUnder(path, mounts);
    const remedy = `Give the repository a volume or folder of its own at ${path} of ${service}, and copy its files there`;
    if (mount === undefined)
      return volumes === 'remove' && mounts.some(({ type, source }) => type === 'volume' && goes.has(source))
        ? [
            {
              evidence: `The repository of ${store.name} (${path}) lies in the container of ${service}, which would be removed`,
              remedy,
            },
          ]
        : [];
    return goes.has(mount.source)
      ? [
          {
            evidence: `The repository of ${store.name} (${path}) lies on ${mount.source}, which holds data and would go with it`,
            remedy,
          },
        ]
      : [];
  });
}

/** A mount that holds the program as well would leave nothing that could start. */
function programFaults({ store, service, paths, mounts, goes }: Place): MountFault[] {
  const home = paths.home;
  const mount = home === undefined ? undefined : mountUnder(home, mounts);
  if (home === undefined || mount === undefined || !goes.has(mount.source) || !contains(mount.destination, home))
    return [];
  return [
    {
      evidence: `${mount.source} holds the data of ${store.name} and its program (${home}): both would go`,
      remedy: `Give ${service} a volume or folder for its data alone, at ${paths.data[0] ?? home}`,
    },
  ];
}
