import type { ServiceName } from '../platform.ts';

interface Dependent {
  service: ServiceName;
  dependsOn: readonly ServiceName[];
}

/** Distributors act as soon as they run: they start when all else does. */
const startsLast = (service: ServiceName) => /distributor|scheduler/.test(service.toLowerCase());

/**
 * Services in the order they start: each after those that it depends on, distributors last, else by name. Services that
 * depend on each other stand by name.
 */
export function startOrder(services: readonly Dependent[]): ServiceName[] {
  const names = new Set(services.map(({ service }) => service));
  const ordered: ServiceName[] = [];
  let rest = services.toSorted(
    (a, b) =>
      Number(startsLast(a.service)) - Number(startsLast(b.service)) ||
      (a.service < b.service ? -1 : Number(a.service > b.service)),
  );
  while (rest.length > 0) {
    const ready = rest.find(({ service, dependsOn }) =>
      dependsOn.every((other) => other === service || !names.has(other) || ordered.includes(other)),
    );
    const next = ready ?? rest[0];
    if (next === undefined) break;
    ordered.push(next.service);
    rest = rest.filter((one) => one !== next);
  }
  return ordered;
}
