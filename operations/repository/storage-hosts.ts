import { storesOfKind } from '../../domain/platform.ts';
import { observe } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { repositoryBucket, type BucketAccess } from './bucket-location.ts';

/** The hosts that serve the backups, of all repositories and of the catalogue; as the platform file or the nodes name them. */
export async function storageHosts(
  open: BucketAccess & Pick<OpenPlatform, 'platform' | 'catalogueBucket'>,
): Promise<Set<string>> {
  const repositories = storesOfKind(open.platform, 'elasticsearch').map(async (store) => {
    const bucket = await observe(() => repositoryBucket(open, store));
    return ('seen' in bucket ? bucket.seen?.endpoint : undefined) ?? store.repository.settings['endpoint'];
  });
  const catalogue = observe(() => open.catalogueBucket()).then((bucket) =>
    'seen' in bucket ? bucket.seen?.endpoint : undefined,
  );
  const endpoints = await Promise.all([...repositories, catalogue]);
  return new Set(endpoints.flatMap((endpoint) => (endpoint === undefined ? [] : hostOf(endpoint))));
}

/** Elasticsearch takes endpoints with and without a scheme. */
function hostOf(endpoint: string): string[] {
  const url = /^https?:\/\//.test(endpoint) ? endpoint : `https://${endpoint}`;
  return URL.canParse(url) ? [new URL(url).hostname] : [];
}
