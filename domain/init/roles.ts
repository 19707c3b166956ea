import type { ServiceName } from '../platform.ts';
import { foreignStoreOf, isCompanion, isRekindle, recognise, type DataKind } from './recognise.ts';
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
  /** Those that stand nowhere in the file, and why. */
  leftOut: { service: ServiceName; why: string }[];
}

export function rolesOf(seen: SeenPlatform): Roles {
  const data = seen.services.flatMap((service): DataService[] => {
    const found = recognise(service);
    if (found === undefined || service.finished) return [];
    const answer = (found.kind === 'elasticsearch' ? seen.elasticsearch : seen.zookeeper)[service.service];
    // It speaks, and is something else.
    if (answer?.kind === 'other') return [];
    return [{ service, ...found, certain: answer !== undefined && answer.kind !== 'silent' }];
  });
  const isData = (service: SeenService) => data.some((one) => one.service === service);
  const networks = new Set(data.flatMap(({ service }) => service.networks));
  const others = seen.services.filter((service) => !isData(service));
  const reaches = (service: SeenService) => service.networks.some((network) => networks.has(network));
  const why = (service: SeenService): string | undefined => {
    const store = foreignStoreOf(service);
    if (isRekindle(service)) return 'is Rekindle itself';
    if (store !== undefined) return `keeps data in ${store}, which Rekindle neither backs up nor stops`;
    if (service.finished) return 'has done its work and ended';
    return reaches(service) ? undefined : "is on none of the data services' networks";
  };
  const clients = others.filter((service) => why(service) === undefined);
  const neighbours = seen.neighbours.filter((service) => reaches(service) && why(service) === undefined);
  return {
    data,
    core: startOrder(clients.filter((service) => !isCompanion(service))),
    alsoStop: [...clients.filter(isCompanion), ...neighbours].map(({ service }) => service).toSorted(),
    leftOut: [...others, ...seen.neighbours.filter(reaches)].flatMap((service) => {
      const reason = why(service);
      return reason === undefined ? [] : [{ service: service.service, why: reason }];
    }),
  };
}
