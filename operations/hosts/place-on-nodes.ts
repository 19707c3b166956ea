import type { CaptureOutline, ObservedDeployment } from '../../domain/deployment.ts';
import { placementsOf, placesOn, samePlaces, placesIn, type SwarmPlaces } from '../../domain/swarm-places.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { observeHere } from './observe-here.ts';

/**
 * A platform on Swarm with its data services on the nodes where they lie now, as this manager knows them; any other platform
 * as it is. When the manager does not say it, whatever asks for other hosts fails with its reason, and all else goes on.
 */
export async function placeOnNodes(open: OpenPlatform): Promise<OpenPlatform> {
  if (open.platform.deployment.kind !== 'swarm') return open;
  try {
    return placedBy(open, await observeHere(open));
  } catch (error) {
    return { ...open, unplaced: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** The same by what was observed; `capture`: of the recovery point, which knows services that are gone. */
export function placedBy(
  open: OpenPlatform,
  { swarm }: Pick<ObservedDeployment, 'swarm'>,
  capture?: CaptureOutline,
): OpenPlatform {
  const { deployment } = open.platform;
  if (deployment.kind !== 'swarm' || swarm === undefined) return open;
  const { host } = open;
  return placedAt(open, placesOn(placementsOf({ deployment, host, swarm, capture }), host));
}

/** With the services on the nodes that are said. */
export function placedAt(open: OpenPlatform, places: SwarmPlaces | undefined): OpenPlatform {
  if (samePlaces(placesIn(open.platform).places, places)) return open;
  const { unplaced: _, ...known } = open;
  // Also what an activity has added.
  return { ...known, ...open.place(places, open.host) };
}
