import { storesOfKind, type HostName, type Platform } from '../platform.ts';

/**
 * Where the platform's backups are read from, in words that are equal for platforms that share it: the bucket, whatever
 * its path within, since what is limited is how many read from one server. Other types of repository name a place as the
 * database's host sees it.
 */
export function repositoriesOf(platform: Platform, host: HostName): string[] {
  const places = storesOfKind(platform, 'elasticsearch').map(({ repository: { name, type, settings } }) => {
    const { bucket, endpoint = '', location } = settings;
    if (bucket !== undefined) {
      const server = endpoint
        .replace(/^\w+:\/\//, '')
        .replace(/\/+$/, '')
        .toLowerCase();
      return `${type}:${server === '' ? '' : `${server}/`}${bucket}`;
    }
    return `${type}:${host}:${location ?? settings['url'] ?? name}`;
  });
  return [...new Set(places)].toSorted();
}
