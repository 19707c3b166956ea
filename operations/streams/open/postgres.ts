import type { PostgresStore } from '../../../domain/platform.ts';
import { answering } from '../../../systems/postgres/answering.ts';
import { postgresStore } from '../../../systems/postgres/postgres-store.ts';
import { applicationName } from '../../../systems/streams/run-id.ts';
import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import { passwordOf, type Opens } from './opening.ts';

export const openPostgres: Opens<PostgresStore> = async (open, store, container, run) => {
  const { name, username, host, port, databases, samplesPerTable } = store;
  const access = {
    container: answering(container, name),
    username,
    port,
    application: applicationName(run, name),
    ...(await passwordOf(open, store)),
    ...(host !== undefined && { host }),
  };
  return postgresStore(access, {
    store: name,
    samplesPerTable,
    ...(databases && { databases }),
  }) as StreamStore<unknown>;
};
