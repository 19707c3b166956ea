import { failed, passed, type Check } from '../checks.ts';
import { isSpread } from '../hosts.ts';
import { listed } from '../listed.ts';
import { isFolder } from '../mounts.ts';
import type { RestoreSituation } from '../plans/restore-steps/situation.ts';
import { servicesOf, storesOfKind, type ElasticsearchStore } from '../platform.ts';
import { storesWithout } from '../store-kinds.ts';
import type { Adoption, Unmatched } from './adoptions.ts';

/** What preflight offers wherever a restore beside the platform is refused. */
export const inPlaceInstead = 'Restore in place: leave out --beside';

type Situation = Pick<RestoreSituation, 'platform' | 'observed' | 'capture' | 'volumes'>;

/**
 * Whether the platform is one that can be restored beside, as far as names and mounts tell; memory and disk are checked with the drill's own
 * checks. Whatever would make the swap fail must be found here, while nothing has been stopped.
 */
export function checkBeside(
  situation: Situation,
  { adoptions, unmatched }: { adoptions: readonly Adoption[]; unmatched: readonly Unmatched[] },
): Check {
  const { platform, volumes } = situation;
  const stores = storesOfKind(platform, 'elasticsearch');
  const reasons = [
    ...(stores.length === 0 ? ['the platform has no store that is restored from a snapshot'] : []),
    ...storesWithout(platform, 'beside').map((name) => `the store ${name} is restored in place alone`),
    ...(platform.deployment.kind === 'swarm' ? ['it is deployed by Docker Swarm, whose volumes lie on its nodes'] : []),
    ...(isSpread(platform) ? ['its services lie on several hosts'] : []),
    ...(volumes === 'remove' ? ['old data is removed, and the swap needs it set aside: the way back'] : []),
    ...stores.flatMap((store) => ofStore(situation, store)),
    ...unmatched.map(
      ({ store, destination, missing }) => `data of ${store} at ${destination} has no counterpart ${missing}`,
    ),
    ...adoptions.flatMap((adoption) => ofVolume(situation, adoption)),
  ];
  const aside = volumes === 'remove' ? '; or set the old data aside: --volumes quarantine' : '';
  if (reasons.length > 0) return failed('beside', capital(reasons.join('; ')), `${inPlaceInstead}${aside}`);
  return passed('beside', `${listed(adoptions.map(({ volume }) => volume))} can get its data by a rename`);
}

function ofStore({ platform, observed, capture }: Situation, store: ElasticsearchStore): string[] {
  const { name, service } = store;
  const present = observed.containers.filter((container) => container.service === service);
  const captured = capture.containers.filter((container) => container.service === service);
  const several = servicesOf(store).length > 1 || present.length > 1 || captured.length > 1;
  // The nodes that have no data yet could make a cluster of their own before the one that adopted it answers.
  if (several) return [`the cluster of ${name} has several nodes`];
  const [container] = present;
  if (container === undefined) return [`no container of ${service} is left, so nothing serves meanwhile`];
  const image = captured[0]?.image;
  const same = image !== undefined && [image.reference, image.digest].includes(container.image);
  // The data was written by the capture's image, and the one in place will read it.
  const other = same
    ? []
    : [`${service} runs ${container.image}, and the recovery point was taken from ${image?.reference ?? 'none'}`];
  const shared = platform.stores.filter(({ service: its }) => its === service).length > 1;
  return [...other, ...(shared ? [`${service} serves several stores`] : [])];
}

function ofVolume({ observed }: Situation, { volume: name }: Adoption): string[] {
  if (isFolder(name)) return [`${name} is a folder of the host, and a rename from a volume to there is a copy`];
  const volume = observed.volumes.find((one) => one.name === name);
  if (volume === undefined) return [`the volume ${name} is gone`];
  if (volume.driver !== 'local') return [`the volume ${name} has the driver ${volume.driver}`];
  if (volume.hasOptions) return [`the volume ${name} has options, which hide where its data lies`];
  return volume.immovable === undefined ? [] : [`the volume ${name} cannot be set aside: ${volume.immovable}`];
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
