import { sharedDeployment } from './deployment-place.ts';
import { hostsOf, isSpread } from './hosts.ts';
import { servicesInStopOrder, storesOfKind, type HostName, type Platform } from './platform.ts';

/**
 * What two platform files both call their own, in words; undefined: nothing. Two platforms on the same containers would stop
 * each other's services, two clusters that write to one repository corrupt it. Repositories of other types than S3 name a
 * place as the server sees it (a path inside a container), which says nothing about whether two are one.
 */
export function sharedPlace(one: Platform, other: Platform, defaultHost: HostName): string | undefined {
  const others = hostsOf(other, defaultHost);
  const host = hostsOf(one, defaultHost).find((each) => others.includes(each));
  if (host !== undefined && shareServices(one, other)) {
    const shared = sharedDeployment(one.deployment, other.deployment, host);
    if (shared !== undefined) return shared;
  }
  const places = placesOf(other);
  return placesOf(one).find((place) => places.includes(place));
}

/** On one host a project is one platform's; where either lies on several, its services say whose they are. */
function shareServices(one: Platform, other: Platform): boolean {
  if (!isSpread(one) && !isSpread(other)) return true;
  const theirs = new Set(servicesInStopOrder(other));
  return servicesInStopOrder(one).some((service) => theirs.has(service));
}

function placesOf(platform: Platform): string[] {
  return storesOfKind(platform, 'elasticsearch').flatMap(({ repository: { type, settings } }) => {
    if (type !== 's3' || settings['bucket'] === undefined) return [];
    const path = (settings['base_path'] ?? '').replaceAll(/^\/+|\/+$/g, '');
    const endpoint = (settings['endpoint'] ?? '').replace(/^\w+:\/\//, '').replace(/\/+$/, '');
    const where = endpoint === '' ? '' : ` at ${endpoint.toLowerCase()}`;
    return [`the bucket "${settings['bucket']}"${where}, base_path "${path}" (stores[].repository.settings)`];
  });
}
