import { identifier, keptName, literal, maintenance, type PostgresAccess } from './access.ts';
import { rows, run } from './psql.ts';

// cspell:ignore shobj

/** Of a placeholder that stands for a database that was not there: what is returned then is nothing. */
const nothingThere = 'rekindle: there was no such database';

export interface KeptDatabase {
  run: string;
  database: string;
  signal?: AbortSignal;
}

interface Present {
  original: boolean;
  kept: boolean;
  placeholder: boolean;
}

/**
 * Renames a database out of the way, which takes no time and no room; nobody can connect to it any more. When there is none, an
 * empty placeholder says so. From now on whatever has the name is of this run. Done before: nothing happens. Failures:
 * ContainerFailed (prepared transactions, no rights).
 */
export async function setAside(access: PostgresAccess, kept: KeptDatabase): Promise<'set aside' | 'nothing there'> {
  const present = await observe(access, kept);
  if (present.kept) return present.placeholder ? 'nothing there' : 'set aside';
  const name = keptName(kept.run, kept.database);
  if (present.original) {
    await close(access, kept.database, kept);
    await change(access, kept, `alter database ${identifier(kept.database)} rename to ${identifier(name)};`);
    return 'set aside';
  }
  // Renamed when it says what it is: nobody may take it for an empty database that was there.
  const unfinished = identifier(unfinishedName(kept));
  await change(
    access,
    kept,
    `drop database if exists ${unfinished};
create database ${unfinished} with template template0 allow_connections false;
comment on database ${unfinished} is ${literal(nothingThere)};
alter database ${unfinished} rename to ${identifier(name)};`,
  );
  return 'nothing there';
}

/** Removes what this run restored of a database, so that a restore can begin again; without `setAside` before, nothing. */
export async function clearRestored(access: PostgresAccess, kept: KeptDatabase): Promise<void> {
  const present = await observe(access, kept);
  if (!present.kept || !present.original) return;
  await close(access, kept.database, kept);
  await change(access, kept, `drop database ${identifier(kept.database)};`);
}

/**
 * Brings back what was set aside, in place of what was restored. Nothing was set aside: a database that `setAside` had only
 * closed is opened.
 */
export async function putBack(access: PostgresAccess, kept: KeptDatabase): Promise<void> {
  const name = identifier(keptName(kept.run, kept.database));
  const original = identifier(kept.database);
  const present = await observe(access, kept);
  if (!present.kept) {
    await change(access, kept, `drop database if exists ${identifier(unfinishedName(kept))};`);
    if (present.original) await change(access, kept, `alter database ${original} allow_connections true;`);
    return;
  }
  await clearRestored(access, kept);
  const back = `alter database ${name} allow_connections true;\nalter database ${name} rename to ${original};`;
  await change(access, kept, present.placeholder ? `drop database ${name};` : back);
}

/** Removes for good what was set aside. Removed before: nothing happens. */
export async function release(access: PostgresAccess, kept: KeptDatabase): Promise<void> {
  await change(access, kept, `drop database if exists ${identifier(keptName(kept.run, kept.database))};`);
}

const unfinishedName = ({ run: of, database }: KeptDatabase): string => `${keptName(of, database)}_new`;

async function observe(access: PostgresAccess, { run: of, database, signal }: KeptDatabase): Promise<Present> {
  const kept = literal(keptName(of, database));
  const [present] = await rows<Present>(
    access,
    `select json_build_object(
  'original', exists (select from pg_catalog.pg_database where datname = ${literal(database)}),
  'kept', exists (select from pg_catalog.pg_database where datname = ${kept}),
  'placeholder', exists (select from pg_catalog.pg_database where datname = ${kept}
    and pg_catalog.shobj_description(oid, 'pg_database') = ${literal(nothingThere)}));`,
    { what: `Looking for the database ${database}`, ...(signal && { signal }) },
  );
  if (present === undefined) throw new Error(`PostgreSQL said nothing of ${database}`);
  return present;
}

/** Nobody may come, and who is there leaves; a rename or removal waits 5 s for that by itself, and is refused afterwards. */
async function close(access: PostgresAccess, database: string, kept: KeptDatabase): Promise<void> {
  await change(
    access,
    kept,
    `alter database ${identifier(database)} allow_connections false;
select count(pg_catalog.pg_terminate_backend(pid)) from pg_catalog.pg_stat_activity where datname = ${literal(database)};`,
  );
}

async function change(access: PostgresAccess, { database, signal }: KeptDatabase, sql: string): Promise<void> {
  const what = `Changing the database ${database}`;
  await run(access, sql, { database: maintenance, what, ...(signal && { signal }) });
}
