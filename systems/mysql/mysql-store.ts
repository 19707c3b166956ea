import { compareMysql } from '../../domain/mysql/compare.ts';
import { backUpChecks, restoreChecks } from '../../domain/mysql/compatibility.ts';
import { failed, type Check } from '../../domain/checks.ts';
import type { MysqlExpectedSet, MysqlServer } from '../../domain/mysql/expected.ts';
import type { StreamStore } from '../streams/stream-store.ts';
import type { MysqlAccess } from './access.ts';
import { backUpMysql, databasesPart, usersPart, type MysqlTask } from './back-up.ts';
import { dropKept, dropUnfinished, listKept, type Kept } from './kept.ts';
import { asking, observeDatabase, observePrograms, observeServer } from './observe.ts';
import { putBackUsers, restoreDatabases, restoreUsers } from './restore.ts';
import { putBackDatabases } from './set-aside.ts';
import { demandStaying } from './staying.ts';
import { expectedUser, readAccounts } from './users.ts';

/** MySQL or MariaDB as a store of streams: all databases in one dump, which is of one moment, and the users. */
export function mysqlStore(access: MysqlAccess, task: MysqlTask): StreamStore<MysqlExpectedSet> {
  const observe = (signal?: AbortSignal): Promise<MysqlServer> => observeServer(asking(access, signal));
  const wanted = ({ databases }: MysqlServer) =>
    Object.entries(databases).filter(([name]) => task.databases?.includes(name) ?? true);
  const keptOf = async (parts: readonly string[], run: string, signal: AbortSignal | undefined): Promise<Kept[]> => {
    await dropUnfinished(access, signal);
    const all = await listKept(access, run, signal);
    return all.filter(({ original }) => parts.includes(original === '' ? usersPart : databasesPart));
  };
  return {
    async check(expected, { signal }) {
      const missing = missingPrograms(task.store, await observePrograms(access, signal));
      if (missing) return [missing];
      const server = await observe(signal);
      return expected ? restoreChecks(expected, server) : backUpChecks(task.store, server);
    },
    answers: ({ signal }) => demandStaying(access, asking(access, signal), signal),
    async inventory({ signal }) {
      const bytes = wanted(await observe(signal)).reduce((sum, [, of]) => sum + of, 0);
      return { [databasesPart]: bytes };
    },
    backUp: (write, { signal }) => backUpMysql(access, task, write, signal),
    // A right can be given on a table only when the table exists; a definition may name a user that does not.
    order: (parts) => [databasesPart, usersPart].filter((part) => parts.includes(part)),
    async restore(part, pieces, run, { signal }) {
      const restoring = { run, server: await observe(signal), ...(signal && { signal }) };
      if (part === databasesPart) await restoreDatabases(access, restoring, pieces);
      else if (part === usersPart) await restoreUsers(access, restoring, pieces);
      else throw new Error(`MySQL has no part ${part}`);
    },
    async compare(expected, { signal }) {
      const ask = asking(access, signal);
      const server = await observe(signal);
      const databases = [];
      for (const { name } of expected.databases)
        if (Object.hasOwn(server.databases, name))
          databases.push(await observeDatabase(ask, { database: name, samples: task.samplesPerTable }));
      const accounts = await readAccounts(access, server.flavour, ask, signal);
      // The restore changed nothing of the user that it connects as.
      const users = expected.users.filter(({ name }) => name !== server.user);
      return compareMysql({ ...expected, users }, { users: accounts.map(expectedUser), databases });
    },
    async putBack(parts, run, { signal }) {
      const kept = await keptOf(parts, run, signal);
      await putBackDatabases(
        access,
        kept.filter(({ original }) => original !== ''),
        signal,
      );
      const users = kept.find(({ original }) => original === '');
      if (users) await putBackUsers(access, users, { server: await observe(signal), ...(signal && { signal }) });
    },
    async release(parts, run, { signal }) {
      for (const kept of await keptOf(parts, run, signal)) {
        // Otherwise it holds the only data there is.
        if (kept.state === 'kept' || kept.state === 'nothing') await dropKept(access, kept, signal);
      }
    },
  };
}

function missingPrograms(store: string, present: readonly string[]): Check | undefined {
  const missing = [
    ...(present.includes('client') ? [] : ['mariadb or mysql']),
    ...(present.includes('dump') ? [] : ['mariadb-dump or mysqldump']),
  ];
  if (missing.length === 0) return undefined;
  return failed(
    `mysql ${store} programs`,
    `The container has no ${missing.join(', and no ')}`,
    `Start the service "${store}" with an image that has the client programs of its server, as the official ones do`,
  );
}
