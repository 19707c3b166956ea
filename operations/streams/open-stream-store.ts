import { Failure } from '../../domain/failures.ts';
import type { StoreName } from '../../domain/platform.ts';
import { streamedStores, type StreamedStore, type StreamedStoreKind } from '../../domain/store-kinds.ts';
import type { StreamStore } from '../../systems/streams/stream-store.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { openCommand } from './open/command.ts';
import { openEtcd } from './open/etcd.ts';
import { openMysql } from './open/mysql.ts';
import type { Open, Opens } from './open/opening.ts';
import { openPostgres } from './open/postgres.ts';
import { openRedis } from './open/redis.ts';
import { openVolume } from './open/volume.ts';

type StoreOf = { [K in StreamedStoreKind]: Extract<StreamedStore, { kind: K }> };

/** Of each kind how its driver is made; the compiler names the one that a new kind forgot. */
const drivers: { [K in StreamedStoreKind]: Opens<StoreOf[K]> } = {
  postgres: openPostgres,
  mysql: openMysql,
  etcd: openEtcd,
  redis: openRedis,
  volume: openVolume,
  command: openCommand,
};

/** A store of streams by its name. Failure: InvalidArgument when the platform file has no such store (any more). */
export function streamedStoreNamed({ platform }: Pick<OpenPlatform, 'platform'>, name: StoreName): StreamedStore {
  const store = streamedStores(platform).find((candidate) => candidate.name === name);
  if (store) return store;
  throw new Failure('InvalidArgument', {
    message: `The platform file has no store named "${name}" that is backed up by streams`,
    remedy: 'Put the store back into the platform file, which changed during the run, or start a new run',
  });
}

/**
 * The driver of a store, in the container that runs now. `run`: by which what an earlier attempt left in the store is found.
 * Failures: ServiceNotFound, MissingSecret.
 */
export async function openStreamStore(open: Open, store: StreamedStore, run: string): Promise<StreamStore<unknown>> {
  const { name } = await containerOfStore(open, store);
  return driverOf(store.kind)(open, store, open.docker.commandsIn(name), run);
}

const driverOf = <K extends StreamedStoreKind>(kind: K): Opens<StoreOf[K]> => drivers[kind];

/** The one that runs, else one that does not. Failure: ServiceNotFound. */
export async function containerOfStore(
  { docker, platform, host }: Pick<Open, 'platform' | 'docker' | 'host'>,
  { name, service }: StreamedStore,
): Promise<{ name: string; running: boolean }> {
  const containers = await docker.serviceContainers(platform.deployment, service);
  const container = containers.find(({ running }) => running) ?? containers[0];
  if (container) return container;
  throw new Failure('ServiceNotFound', {
    message: `The service "${service}" of the store "${name}" has no container on ${host}`,
    remedy: 'Bring the platform back with "rekindle restore", or correct the name in the platform file',
  });
}
