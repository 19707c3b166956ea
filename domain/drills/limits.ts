import type { DeploymentCapture } from '../deployment.ts';
import { Failure } from '../failures.ts';
import { storesOfKind, type Platform, type ServiceName } from '../platform.ts';
import { usualDrill } from './drill-policy.ts';

// What a scene may take beside the living platform, and how its containers share that.

const megabyte = 1024 * 1024;
/** Of the data services together, and what forwards for them comes on top: when the platform file does not say. */
const usualBytes = 1536 * megabyte;
/** Of a data service that is no Elasticsearch: ZooKeeper's heap is far smaller. */
const otherBytes = 256 * megabyte;
/** Of a core service of which nothing is known: a Java of modest size starts with it. */
const usualCoreBytes = 512 * megabyte;
/** Elasticsearch needs half of its memory beside its heap, and does not start with less heap than this. */
const leastElasticsearchBytes = 640 * megabyte;

/** Of a container that forwards connections: three times what its Java was seen to take. */
export const forwarderBytes = 128 * megabyte;

/** How much of a container's memory is Elasticsearch's heap, in bytes. */
export const heapOf = (memoryBytes: number): number => Math.floor(memoryBytes / 2);

/** Bytes, of the services whose containers have a limit of their own. */
export function memoryLimitsIn({ containers }: Pick<DeploymentCapture, 'containers'>): Record<ServiceName, number> {
  const limits: Record<ServiceName, number> = {};
  for (const { service, create } of containers) {
    const { Memory = 0 } = (create.HostConfig ?? {}) as { Memory?: number };
    if (Memory > 0) limits[service] ??= Memory;
  }
  return limits;
}

/**
 * Bytes that each container of a scene may take, by service. `data`: the data services that are in it. A core service gets what the platform file says, else
 * the limit that it has (`limits`); Elasticsearch gets what the others leave. Failure: InvalidArgument when that is too little.
 */
export function memoryInScene(
  platform: Platform,
  { data, limits = {} }: { data: readonly ServiceName[]; limits?: Record<ServiceName, number> | undefined },
): Record<string, number> {
  const { core, coreMemory = {}, memoryBytes } = platform.drill ?? usualDrill;
  const stores = storesOfKind(platform, 'elasticsearch');
  const searching = new Set(stores.map(({ service }) => service));
  const others = data.filter((service) => !searching.has(service));
  const other = Object.fromEntries(others.map((service) => [service, otherBytes]));
  const added = Object.fromEntries([
    ...core.map((service) => [service, coreMemory[service] ?? limits[service] ?? usualCoreBytes]),
    // No service has such a name.
    ...stores.map(({ name }) => [`the way of ${name}`, forwarderBytes]),
  ]) as Record<string, number>;
  const most = memoryBytes ?? usualBytes + sumOf(added);
  const left = most - sumOf(other) - sumOf(added);
  const each = Math.floor(left / Math.max(1, searching.size));
  if (left < searching.size * leastElasticsearchBytes) {
    const least = Object.fromEntries([...searching].map((service) => [service, leastElasticsearchBytes]));
    throw tooLittle(platform, most, { ...least, ...other, ...added });
  }
  return { ...Object.fromEntries([...searching].map((service) => [service, each])), ...other, ...added };
}

/** What the engine is told of a container in the scene. */
export function hostLimits({ processors }: { processors: number }, bytes: number) {
  return {
    Memory: bytes,
    // No swap: it would take from the living platform what the limit is to spare.
    MemorySwap: bytes,
    NanoCpus: Math.round(processors * 1e9),
    // Where processors are short, what serves comes first: the least weight that there is. By default a container has 1,024.
    CpuShares: 2,
  };
}

/** Each with its bytes, in words. */
export const memoryWords = (memory: Record<string, number>): string =>
  Object.entries(memory)
    .map(([service, bytes]) => `${service} ${mebibytes(bytes)}`)
    .join(', ');

export const sumOf = (memory: Record<string, number>): number =>
  Object.values(memory).reduce((sum, bytes) => sum + bytes, 0);

export const mebibytes = (bytes: number): string => `${Math.floor(bytes / megabyte)} MiB`;

function tooLittle({ platform, drill }: Platform, most: number, needed: Record<string, number>): Failure {
  const enough = `${Math.ceil(sumOf(needed) / megabyte)}mb`;
  const [service] = drill?.core ?? [];
  const core =
    service === undefined
      ? ''
      : `, name fewer services in drill.core, or give one less there, as { service: ${service}, memory: 256mb }`;
  return new Failure('InvalidArgument', {
    message: `drill.memory of ${platform} is ${mebibytes(most)}, and a drill needs ${mebibytes(sumOf(needed))}: ${memoryWords(needed)}`,
    remedy: `Set drill.memory to ${enough} or more${core}`,
  });
}
