import { hostOf } from '../../domain/hosts.ts';
import { isGivenAddress, type Deployment, type Store } from '../../domain/platform.ts';
import type { Fault } from './common.ts';

/** What `deployment.hosts` must fulfil, so that each service lies on one host and each store can be worked on. */
export function placementFaults(file: {
  deployment: Pick<Deployment, 'data' | 'core' | 'alsoStop' | 'host' | 'hosts'>;
  stores: Store[];
}): Fault[] {
  const { host, hosts = {}, data, core, alsoStop } = file.deployment;
  const named = [...data, ...core, ...alsoStop];
  const placed = Object.keys(hosts);
  const unknown = placed
    .filter((service) => !named.includes(service))
    .map((service): Fault => [
      ['deployment', 'hosts', service],
      `"${service}" is not a service of deployment; named are: ${named.join(', ')}`,
    ]);
  const unnamed: Fault[] =
    placed.length > 0 && host === undefined
      ? [[['deployment', 'host'], 'names the host of all other services, and must be there when deployment.hosts is']]
      : [];
  return [...unknown, ...unnamed, ...farSources(file)];
}

/** Without a deployment nothing can be found through Docker. */
export function bareFaults({ stores }: { stores: Store[] }): Fault[] {
  return stores.flatMap((store, index): Fault[] => {
    if (store.kind !== 'elasticsearch')
      return [
        [['stores', index, 'kind'], `"${store.kind}" needs a deployment; without one, a store is "elasticsearch"`],
      ];
    return isGivenAddress(store)
      ? []
      : [[['stores', index, 'nodes'], 'must be there, or "address": without a deployment no server can be looked for']];
  });
}

/** A queue is rebuilt on its own host; its documents are read from there, over the network. */
function farSources(file: Parameters<typeof placementFaults>[0]): Fault[] {
  const place = ({ service }: Store) => hostOf({ deployment: file.deployment as Deployment }, service);
  return file.stores.flatMap((store) => {
    if (store.kind !== 'zookeeper-queue') return [];
    const index = file.stores.findIndex(({ name }) => name === store.from.store);
    const source = file.stores[index];
    if (source?.kind !== 'elasticsearch' || source.address !== undefined || place(source) === place(store)) return [];
    return [
      [
        ['stores', index, 'address'],
        `must be there: the queue "${store.name}" on ${place(store) ?? 'another host'} reads its jobs from "${source.name}" on ${place(source) ?? 'another host'}`,
      ],
    ];
  });
}
