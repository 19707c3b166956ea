import { Failure } from '../../domain/failures.ts';
import type { CommandStore, MysqlStore, PostgresStore, StoreName } from '../../domain/platform.ts';
import { streamedStores, type StreamedStore, type StreamedStoreKind } from '../../domain/store-kinds.ts';
import { commandStore } from '../../systems/command/command-store.ts';
import type { StoreContainer } from '../../systems/docker/streamed/store-container.ts';
import { answeringMysql } from '../../systems/mysql/answering.ts';
import { mysqlStore } from '../../systems/mysql/mysql-store.ts';
import { applicationName } from '../../systems/postgres/access.ts';
import { answering } from '../../systems/postgres/answering.ts';
import { postgresStore } from '../../systems/postgres/postgres-store.ts';
import type { StreamStore } from '../../systems/streams/stream-store.ts';
import type { OpenPlatform } from '../open-platform.ts';

/** What is needed to reach a store: its container, and its secrets. */
type Open = Pick<OpenPlatform, 'platform' | 'docker' | 'host' | 'secret'>;

/** Of each kind how its driver is made; the compiler names the one that a new kind forgot. */
type Drivers = {
  [K in StreamedStoreKind]: (
    open: Open,
    store: Extract<StreamedStore, { kind: K }>,
    container: StoreContainer,
    run: string,
  ) => Promise<StreamStore<unknown>>;
};

const drivers: Drivers = { postgres: openPostgres, mysql: openMysql, command: openCommand };

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
  return drivers[store.kind](open, store, open.docker.commandsIn(name), run);
}

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

async function openPostgres(
  open: Open,
  store: PostgresStore,
  container: StoreContainer,
  run: string,
): Promise<StreamStore<unknown>> {
  const { name, username, host, port, databases, samplesPerTable } = store;
  const password = store.password && (await open.secret(store.password, `${name}.password`));
  const access = {
    container: answering(container, name),
    username,
    port,
    application: applicationName(run, name),
    ...(password !== undefined && { password }),
    ...(host !== undefined && { host }),
  };
  return postgresStore(access, {
    store: name,
    samplesPerTable,
    ...(databases && { databases }),
  }) as StreamStore<unknown>;
}

async function openMysql(
  open: Open,
  store: MysqlStore,
  container: StoreContainer,
  run: string,
): Promise<StreamStore<unknown>> {
  const { name, username, host, port, databases, samplesPerTable } = store;
  const password = store.password && (await open.secret(store.password, `${name}.password`));
  const access = {
    container: answeringMysql(container, name),
    username,
    port,
    application: applicationName(run, name),
    ...(password !== undefined && { password }),
    ...(host !== undefined && { host }),
  };
  return mysqlStore(access, {
    store: name,
    samplesPerTable,
    ...(databases && { databases }),
  }) as StreamStore<unknown>;
}

async function openCommand(
  open: Open,
  store: CommandStore,
  container: StoreContainer,
  run: string,
): Promise<StreamStore<unknown>> {
  const { name, user, mode, export: exporting, import: importing, count, verify, keep, putBack, release } = store;
  const environment: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [variable, value] of Object.entries(store.environment)) {
    const secret = typeof value !== 'string';
    const text = secret ? await open.secret(value, `${name}.environment.${variable}`) : value;
    environment[variable] = text;
    if (secret) secrets.push(text);
  }
  const commands = {
    export: exporting,
    import: importing,
    ...(count && { count }),
    ...(verify && { verify }),
    ...(keep && { keep }),
    ...(putBack && { putBack }),
    ...(release && { release }),
  };
  return commandStore({
    ...{ store: name, container, environment, secrets, commands, mode },
    application: applicationName(run, name),
    ...(user !== undefined && { user }),
  }) as StreamStore<unknown>;
}
