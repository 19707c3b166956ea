import { comparePostgres } from '../../domain/postgres/compare.ts';
import { backUpChecks, restoreChecks } from '../../domain/postgres/compatibility.ts';
import type { PostgresExpectedSet } from '../../domain/postgres/expected.ts';
import type { StreamStore } from '../streams/stream-store.ts';
import type { PostgresAccess } from './access.ts';
import { backUpPostgres, databaseOf, databasePart, globalsPart, type PostgresTask } from './back-up.ts';
import { demandStaying, observeServer } from './observe.ts';
import { observeRestored, restoreDatabase, restoreGlobals } from './restore.ts';
import { putBack, release } from './set-aside.ts';

/** PostgreSQL as a store of streams: the roles, then each database. */
export function postgresStore(access: PostgresAccess, task: PostgresTask): StreamStore<PostgresExpectedSet> {
  const samples = task.samplesPerTable;
  const databasesOf = (parts: readonly string[]) => parts.flatMap((part) => databaseOf(part) ?? []);
  return {
    async check(expected, { signal }) {
      const server = await observeServer(access, signal);
      return expected ? restoreChecks(expected, server) : backUpChecks(task.store, server);
    },
    answers: ({ signal }) => demandStaying(access, signal),
    async inventory({ signal }) {
      const { databases } = await observeServer(access, signal);
      const wanted = Object.entries(databases).filter(([name]) => task.databases?.includes(name) ?? true);
      return Object.fromEntries(wanted.map(([name, bytes]) => [databasePart(name), bytes]));
    },
    backUp: (write, { signal }) => backUpPostgres(access, task, write, signal),
    // A database belongs to a role, and its rights are those of roles.
    order: (parts) => [
      ...parts.filter((part) => part === globalsPart),
      ...parts.filter((part) => part !== globalsPart).toSorted(),
    ],
    async restore(part, pieces, run, { signal }) {
      const database = databaseOf(part);
      if (part === globalsPart) await restoreGlobals(access, pieces, signal);
      else if (database === undefined) throw new Error(`PostgreSQL has no part ${part}`);
      else await restoreDatabase(access, { run, database, ...(signal && { signal }) }, pieces);
    },
    async compare(expected, { signal }) {
      const present = Object.keys((await observeServer(access, signal)).databases);
      const restored = await observeRestored(access, expected, { present, samples, ...(signal && { signal }) });
      return comparePostgres(expected, restored);
    },
    async putBack(parts, run, { signal }) {
      for (const database of databasesOf(parts)) await putBack(access, { run, database, ...(signal && { signal }) });
    },
    async release(parts, run, { signal }) {
      for (const database of databasesOf(parts)) await release(access, { run, database, ...(signal && { signal }) });
    },
  };
}
