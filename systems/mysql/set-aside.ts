import type { MysqlFlavour } from '../../domain/mysql/expected.ts';
import { identifier, literal, type MysqlAccess } from './access.ts';
import { rows } from './client.ts';
import { applyDefinitions, readDefinitions, type Definitions } from './definitions.ts';
import {
  beginKept,
  change,
  dropKept,
  dropStatement,
  keepText,
  ownTables,
  readText,
  setState,
  type Kept,
} from './kept.ts';

export interface SetAside {
  run: string;
  database: string;
  flavour: MysqlFlavour;
  signal?: AbortSignal;
}

/**
 * Sets a database aside, which takes no time and no room for its data. A database cannot be renamed, and a table that is moved
 * loses what is defined next to it; so first the definitions of views, triggers, routines and events are kept as a text, then the
 * tables are moved, then the rest is removed. `present`: what the run has set aside. Done before: nothing happens. Failures:
 * ContainerFailed, with the server's own words.
 */
export async function setAside(access: MysqlAccess, aside: SetAside, present: readonly Kept[]): Promise<void> {
  const { run: of, database, flavour, signal } = aside;
  let kept = present.find(({ original }) => original === database);
  if (kept && kept.state !== 'saving' && kept.state !== 'moving') return;
  if (kept?.state !== 'moving') {
    const creation = await readCreation(access, aside);
    if (creation === undefined) {
      await beginKept(access, { of, original: database, state: 'nothing', creation: '' }, signal);
      return;
    }
    kept = await beginKept(access, { of, original: database, state: 'saving', creation }, signal);
    const definitions = await readDefinitions(access, flavour, database, signal);
    await keepText(access, kept, { text: Buffer.from(JSON.stringify(definitions)), state: 'moving' }, signal);
  }
  await dropTriggers(access, database, signal);
  await moveTables(access, { from: database, to: kept.keeper }, signal);
  // No table is left in it: a view, a routine or an event is in the text.
  await change(
    access,
    `drop database if exists ${identifier(database)};`,
    `Removing what is left of ${database}`,
    signal,
  );
  await setState(access, kept, 'kept', signal);
}

/** Removes what this run restored of a database, so that a restore can begin again. */
export async function clearRestored(access: MysqlAccess, database: string, signal?: AbortSignal): Promise<void> {
  const what = `Removing what an earlier attempt restored of ${database}`;
  await change(access, dropStatement(database), what, signal);
}

/**
 * Brings back what a run set aside, in place of what it restored. Tables of all databases come first: what is defined in one may
 * use another. Failures: ContainerFailed, with the server's own words.
 */
export async function putBackDatabases(
  access: MysqlAccess,
  list: readonly Kept[],
  signal?: AbortSignal,
): Promise<void> {
  const returning: Kept[] = [];
  for (const kept of list) {
    const { original, state } = kept;
    if (state === 'kept' || state === 'nothing') await clearRestored(access, original, signal);
    if (state === 'saving' || state === 'nothing') {
      await dropKept(access, kept, signal);
      continue;
    }
    await setState(access, kept, 'returning', signal);
    await change(access, kept.creation, `Creating the database ${original} again`, signal);
    await moveTables(access, { from: kept.keeper, to: original }, signal);
    returning.push(kept);
  }
  const all = [];
  for (const kept of returning) {
    const text = (await readText(access, kept, signal)).toString('utf8');
    all.push({ database: kept.original, definitions: JSON.parse(text) as Definitions });
  }
  await applyDefinitions(access, all, signal);
  for (const kept of returning) await dropKept(access, kept, signal);
}

/** The statement that makes the database as it is; undefined: there is none. */
async function readCreation(access: MysqlAccess, { database, signal }: SetAside): Promise<string | undefined> {
  const question = { what: `Looking for the database ${database}`, ...(signal && { signal }) };
  const [found] = await rows<{ characterSet: string; collation: string }>(
    access,
    `select json_object('characterSet', default_character_set_name, 'collation', default_collation_name)
from information_schema.schemata where schema_name = ${literal(database)};`,
    question,
  );
  if (found === undefined) return undefined;
  const { characterSet, collation } = found;
  return `create database if not exists ${identifier(database)} character set ${characterSet} collate ${collation};`;
}

async function dropTriggers(access: MysqlAccess, database: string, signal?: AbortSignal): Promise<void> {
  const what = `Removing the triggers of ${database}`;
  const found = await rows<{ name: string }>(
    access,
    `select json_object('name', trigger_name) from information_schema.triggers where trigger_schema = ${literal(database)};`,
    { what, ...(signal && { signal }) },
  );
  const statements = found.map(({ name }) => `drop trigger if exists ${identifier(database)}.${identifier(name)};`);
  if (statements.length > 0) await change(access, statements.join('\n'), what, signal);
}

/** All at once, so that keys between them hold; what has been moved before is not there any more. */
async function moveTables(
  access: MysqlAccess,
  { from, to }: { from: string; to: string },
  signal?: AbortSignal,
): Promise<void> {
  const what = `Moving the tables of ${from} to ${to}`;
  const found = await rows<{ name: string }>(
    access,
    `select json_object('name', table_name) from information_schema.tables
where table_schema = ${literal(from)} and table_type not in ('VIEW', 'SYSTEM VIEW') order by table_name;`,
    { what, ...(signal && { signal }) },
  );
  const moves = found
    .filter(({ name }) => !ownTables.includes(name))
    .map(({ name }) => [from, to].map((database) => `${identifier(database)}.${identifier(name)}`).join(' to '));
  if (moves.length > 0) await change(access, `rename table ${moves.join(', ')};`, what, signal);
}
