import type { CaptureOutline, ObservedDeployment } from '../deployment.ts';
import { serviceInScene } from '../drills/scene.ts';
import type { Mount } from '../mounts.ts';
import { storesOfKind, type Platform, type ServiceName, type StoreName, type VolumeName } from '../platform.ts';

/** A volume in place, and the one of the scene whose data it gets. */
export interface Adoption {
  store: StoreName;
  service: ServiceName;
  volume: VolumeName;
  from: VolumeName;
}

/** Data in place for which there is none in the scene, or the other way round, by the path at which the server has it. */
export interface Unmatched {
  store: StoreName;
  destination: string;
  missing: 'in place' | 'in the scene';
}

interface Places {
  platform: Platform;
  observed: Pick<ObservedDeployment, 'containers'>;
  /** Of the data that a restore sets aside: see `whatGoes`. */
  goes: ReadonlySet<string>;
  /** As it is in the scene. */
  inScene: Pick<CaptureOutline, 'containers'>;
}

/** Which data goes where: the same path inside the server, here as there. */
export function adoptionsOf(places: Places): { adoptions: Adoption[]; unmatched: Unmatched[] } {
  const adoptions: Adoption[] = [];
  const unmatched: Unmatched[] = [];
  for (const { name: store, service } of storesOfKind(places.platform, 'elasticsearch')) {
    const here = places.observed.containers
      .filter((container) => container.service === service)
      .flatMap(({ mounts }) => mounts.filter(({ source }) => places.goes.has(source)));
    const there = places.inScene.containers
      .filter((container) => container.service === serviceInScene(service))
      .flatMap(({ mounts }) => mounts.filter(({ type, readOnly }) => type === 'volume' && !readOnly));
    for (const { destination, source: from } of there) {
      const mount = here.find((one) => one.destination === destination);
      if (mount === undefined) unmatched.push({ store, destination, missing: 'in place' });
      else adoptions.push({ store, service, volume: mount.source, from });
    }
    for (const { destination } of without(here, there)) unmatched.push({ store, destination, missing: 'in the scene' });
  }
  return { adoptions, unmatched };
}

const without = (mounts: readonly Mount[], others: readonly Mount[]): Mount[] =>
  mounts.filter(({ destination }) => !others.some((other) => other.destination === destination));
