import { Failure } from '../failures.ts';
import { storesOfKind, type HostName, type Platform, type ServiceName } from '../platform.ts';
import type { Share } from './share.ts';
import { usualDrill } from './drill-policy.ts';
import { memoryInScene } from './limits.ts';

/**
 * Where a plan is carried out beside the platform instead of in its place. Names only; a plan holds it, and what opens the
 * platform or reads a capture applies it (`platformInScene`, `captureInScene`).
 */
export interface Scene {
  /** The run that everything in it belongs to, and is labelled with. */
  run: string;
  /** Its Compose project, its network, and the beginning of every name in it. */
  project: string;
  /** Started next to the data services. */
  core: ServiceName[];
  /** Bytes that each container may take, by service as it is named in the scene. */
  memory: Record<ServiceName, number>;
  /** For each container. */
  processors: number;
  /** On whose engine all of it is; absent: the platform's own, as it is of every platform of plain containers on one host. */
  host?: HostName;
  /** What it restores of the recovery point; absent: all. */
  share?: Share;
}

/** All names of a scene begin with this, and eight hexadecimal digits. */
const scenePrefix = 'rekindle-drill-';
const scenePattern = new RegExp(`^${scenePrefix}[0-9a-f]{8}(?=[-_]|$)`);

/** The project of the scene that something with this name is in; undefined: it is in none. */
export const sceneOfName = (name: string): string | undefined => scenePattern.exec(name)?.[0];

/**
 * The scene of a drill, on no engine yet (`hostOfScene`). `id`: eight hexadecimal digits, made anew for each. `limits`: see `memoryInScene`.
 * Failures: InvalidArgument for a platform that nothing creates again, or with less memory than its services need.
 */
export function sceneOf(
  platform: Platform,
  { run, id, limits }: { run: string; id: string; limits?: Record<ServiceName, number> },
): Scene {
  const { core, processors } = platform.drill ?? usualDrill;
  checkDeployed(platform);
  const memory = Object.entries(memoryInScene(platform, { data: dataInScene(platform), limits }));
  return {
    run,
    project: `${scenePrefix}${id}`,
    core,
    memory: Object.fromEntries(memory.map(([service, bytes]) => [serviceInScene(service), bytes])),
    processors,
  };
}

/** Failure: InvalidArgument for a platform that nothing creates again. */
export function checkDeployed({ platform, deployment }: Platform): void {
  if (deployment.kind !== 'none') return;
  throw new Failure('InvalidArgument', {
    message: `${platform} cannot be rehearsed by a drill: nothing says how its servers are created (deployment.kind none)`,
    remedy: 'Rehearse it with a restore on other machines, as docs/runbook.md has it',
  });
}

/** One service for each store: a cluster is rehearsed with one node. Data services without a store are as they are. */
export function dataInScene({ deployment, stores }: Platform): ServiceName[] {
  const further = new Set(stores.flatMap((store) => ('otherServices' in store ? store.otherServices : [])));
  return deployment.data.filter((service) => !further.has(service));
}

/** A service of another project (`db/es`) is one of the scene's own there. */
export const serviceInScene = (service: ServiceName): ServiceName => service.replaceAll('/', '-');

/** The only container of a service in the scene. */
export const containerInScene = ({ project }: Scene, service: ServiceName): string =>
  `${project}-${serviceInScene(service)}`;

/** The container by which a store in the scene reaches its repository, and a worker on the host what is in the scene. */
export const wayInScene = ({ project }: Pick<Scene, 'project'>, store: string): string => `${project}-way-${store}`;

/** Whether the host has no address in the scene. A worker on the host needs a way then, and ways run the Java of Elasticsearch's image. */
export const isSealed = (platform: Platform): boolean => storesOfKind(platform, 'elasticsearch').length > 0;

/** On everything in the scene: by these it is found, and removed. */
export function drillLabels({ run }: Pick<Scene, 'run'>, platform: string): Record<string, string> {
  return { [runLabel]: run, [platformLabel]: platform };
}

export const runLabel = 'rekindle.drill';
export const platformLabel = 'rekindle.drill.platform';
