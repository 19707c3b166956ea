import type { ServiceName } from '../platform.ts';
import { keptBy } from './kept-volumes.ts';
import { foreignStoreOf, isCompanion, isRekindle, recognise } from './recognise.ts';
import { withoutStore } from './without-store.ts';
import type { DataKind } from './signatures.ts';
import { startOrder } from './start-order.ts';
import type { SeenPlatform, SeenService } from './seen.ts';

export interface DataService {
  service: SeenService;
  kind: DataKind;
  signs: string[];
  /** It answered as what it seems to be. */
  certain: boolean;
}

/** Which part each service has in a restore. */
export interface Roles {
  data: DataService[];
  core: ServiceName[];
  alsoStop: ServiceName[];
  /** Servers that need no backup of their own, and why: they stand first in `core`, so that others find them. */
  beside: { service: ServiceName; why: string }[];
  /** Those that stand nowhere in the file, and why. */
  leftOut: { service: ServiceName; why: string }[];
}

export function rolesOf(seen: SeenPlatform): Roles {
  const servers = seen.services.flatMap((service): DataService[] => {
    const found = recognise(service);
    if (found === undefined || service.finished) return [];
    const answer = answerOf(seen, service, found.kind);
    // It speaks, and is something else.
    if (answer?.kind === 'other') return [];
    return [{ service, ...found, certain: answer !== undefined && answer.kind !== 'silent' }];
  });
  const beside = servers.flatMap(({ service, kind }) => {
    const why = withoutStore(kind, seen.servers[service.service]);
    return why === undefined ? [] : [{ service: service.service, why }];
  });
  const isBeside = (service: SeenService) => beside.some((one) => one.service === service.service);
  const data = servers.filter(({ service }) => !isBeside(service));
  const networks = new Set(data.flatMap(({ service }) => service.networks));
  const others = seen.services.filter((service) => !servers.some((one) => one.service === service));
  const reaches = (service: SeenService) => service.networks.some((network) => networks.has(network));
  const why = (service: SeenService): string | undefined => {
    const store = foreignStoreOf(service);
    if (isRekindle(service)) return 'is Rekindle itself';
    if (store !== undefined)
      return `keeps data in ${store}, for which there is no kind of store: neither backed up nor stopped`;
    if (service.finished) return 'has done its work and ended';
    if (reaches(service)) return undefined;
    const kept = keptBy(service).map(({ source }) => source);
    const unsaved = kept.length === 0 ? '' : `; what it keeps in ${kept.join(', ')} is in no recovery point`;
    return `is on none of the data services' networks${unsaved}`;
  };
  const clients = others.filter((service) => why(service) === undefined);
  const neighbours = seen.neighbours.filter((service) => reaches(service) && why(service) === undefined);
  return {
    data,
    beside,
    core: [...beside.map(({ service }) => service), ...startOrder(clients.filter((service) => !isCompanion(service)))],
    alsoStop: [...clients.filter(isCompanion), ...neighbours].map(({ service }) => service).toSorted(),
    leftOut: [...others, ...seen.neighbours.filter(reaches)].flatMap((service) => {
      const reason = why(service);
      return reason === undefined ? [] : [{ service: service.service, why: reason }];
    }),
  };
}

function answerOf({ elasticsearch, zookeeper, servers }: SeenPlatform, { service }: SeenService, kind: DataKind) {
  if (kind === 'elasticsearch') return elasticsearch[service];
  return kind === 'zookeeper' ? zookeeper[service] : servers[service];
}
