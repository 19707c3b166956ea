import { failed, passed, type Check } from '../../domain/checks.ts';
import { platformOn } from '../../domain/hosts.ts';
import { smokeCheckTitle } from '../../domain/smoke-checks.ts';
import { isStreamed } from '../../domain/store-kinds.ts';
import type { OpenPlatform } from '../open-platform.ts';

/**
 * What this host's engine is reached through, where it is another machine's; undefined: it is this one's. Fails for all at
 * once that would have to be reached at a container's own address.
 */
export function checkEndpoint({ docker, platform, host }: OpenPlatform): Check | undefined {
  if (docker.remote === undefined) return undefined;
  const { stores, smoke } = platformOn(platform, host);
  const through = `The engine of ${host} is reached through ${docker.address}`;
  const without = [
    ...stores.flatMap((store) =>
      // Commands in a container go through the engine.
      store.kind === 'container' || isStreamed(store) || store.address !== undefined
        ? []
        : [`the store ${store.name} has no address`],
    ),
    ...smoke
      .filter(({ kind }) => kind !== 'command' && kind !== 'query')
      .map((check) => `the smoke check ${smokeCheckTitle(check)} asks a container`),
  ];
  if (without.length === 0) return passed('endpoint', `${through}; every store there has an address`);
  return failed(
    'endpoint',
    `${through}, and its containers' own network is not: ${without.join(', ')}`,
    `Give each such store an "address" in the platform file that this worker reaches, and make such smoke checks commands, which run in the container; or run a worker on ${host}, and take it out of the hosts file`,
  );
}
