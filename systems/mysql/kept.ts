import { identifier, keptName, keptPrefix, literal, type MysqlAccess } from './access.ts';
import { rows, run, type Question } from './client.ts';

/**
 * How far something is set aside. `saving`: nothing is changed yet. `moving`: its definitions are kept, and tables may lie on
 * either side. `kept`: all is set aside. `nothing`: there was no such database. `returning`: it is on its way back.
 */
export type KeptState = 'saving' | 'moving' | 'kept' | 'nothing' | 'returning';

/** A database of the server in which a run keeps what it set aside: the tables of a database, or the users as a script. */
export interface Kept {
  /** Name of the database that keeps it. */
  keeper: string;
  /** Name of the database that was set aside; empty: it is the users. */
  original: string;
  state: KeptState;
  /** The statement that creates the database as it was; empty: none. */
  creation: string;
}

// Two tables among those that were set aside.
const stateTable = 'rekindle_state';
const textTable = 'rekindle_text';
export const ownTables = [stateTable, textTable];

/** Characters of a text in one row: far below the least packet that a server takes. */
const pieceBytes = 100_000;

export const keeperOf = (of: string, original: string): string => keptName(of, original === '' ? 'users\0' : original);

/** All that a run has set aside, or begun to. */
export async function listKept(access: MysqlAccess, of: string, signal?: AbortSignal): Promise<Kept[]> {
  const found = await listKeepers(access, signal);
  return found.flatMap(({ run: owner, ...kept }) => (owner === of ? [kept] : []));
}

/** Removes what an attempt had only begun to make when it died: nothing was moved into it. */
export async function dropUnfinished(access: MysqlAccess, signal?: AbortSignal): Promise<void> {
  for (const kept of await listKeepers(access, signal)) if (kept.run === null) await dropKept(access, kept, signal);
}

/** Of all runs; without a run: nothing says yet whose it is. */
async function listKeepers(access: MysqlAccess, signal?: AbortSignal): Promise<(Kept & { run: string | null })[]> {
  const question: Question = { what: 'Listing what is set aside', ...(signal && { signal }) };
  const pattern = literal(`${keptPrefix.replaceAll('_', '\\_')}%`);
  const keepers = await rows<{ name: string; noted: number; tables: number }>(
    access,
    `select json_object('name', s.schema_name, 'noted', (select count(*) from information_schema.tables t
  where t.table_schema = s.schema_name and t.table_name = '${stateTable}'), 'tables', (select count(*)
  from information_schema.tables t where t.table_schema = s.schema_name))
from information_schema.schemata s where s.schema_name like ${pattern};`,
    question,
  );
  const queries = keepers.flatMap(({ name, noted }) =>
    noted === 0
      ? []
      : `select json_object('keeper', ${literal(name)}, 'run', s.run, 'original', s.original, 'state', s.state,
  'creation', s.creation) from (select 1 as one) o left join ${identifier(name)}.${stateTable} s on true;`,
  );
  const noted =
    queries.length === 0 ? [] : await rows<Kept & { run: string | null }>(access, queries.join('\n'), question);
  const unnoted = keepers
    // With more tables than its own it is nothing that Rekindle made like this.
    .filter((keeper) => keeper.noted === 0 && keeper.tables <= 1)
    .map(({ name }) => ({ keeper: name, run: null, original: '', state: 'saving' as const, creation: '' }));
  return [...noted, ...unnoted];
}

/** Begins to keep something: what an attempt that died had only begun is begun anew. */
export async function beginKept(
  access: MysqlAccess,
  { of, original, state, creation }: { of: string; original: string; state: KeptState; creation: string },
  signal?: AbortSignal,
): Promise<Kept> {
  const keeper = keeperOf(of, original);
  const name = identifier(keeper);
  const values = [of, original, state, creation].map(literal).join(', ');
  await change(
    access,
    `${dropStatement(keeper)}
create database ${name} character set utf8mb4;
create table ${name}.${textTable} (place int primary key, piece longblob not null) engine=InnoDB;
create table ${name}.${stateTable} (run varchar(500), original varchar(64), state varchar(16), creation text) engine=InnoDB
  collate utf8mb4_bin;
insert into ${name}.${stateTable} values (${values});`,
    `Making room for what is set aside of ${original === '' ? 'the users' : original}`,
    signal,
  );
  return { keeper, original, state, creation };
}

/** Keeps the text, and from then on has the state: both or neither. */
export async function keepText(
  access: MysqlAccess,
  { keeper }: Kept,
  { text, state }: { text: Buffer; state: KeptState },
  signal?: AbortSignal,
): Promise<void> {
  const table = `${identifier(keeper)}.${textTable}`;
  const inserts: string[] = [];
  for (let at = 0; at < text.length; at += pieceBytes)
    inserts.push(
      `insert into ${table} values (${inserts.length}, 0x${text.subarray(at, at + pieceBytes).toString('hex')});`,
    );
  const statements = [
    'start transaction;',
    `delete from ${table};`,
    ...inserts,
    stateStatement(keeper, state),
    'commit;',
  ];
  await change(access, statements.join('\n'), 'Keeping the definitions of what is set aside', signal);
}

export async function readText(access: MysqlAccess, { keeper }: Kept, signal?: AbortSignal): Promise<Buffer> {
  const sql = `select json_object('hex', hex(piece)) from ${identifier(keeper)}.${textTable} order by place;`;
  const what = 'Reading the definitions of what is set aside';
  const pieces = await rows<{ hex: string }>(access, sql, { what, ...(signal && { signal }) });
  return Buffer.concat(pieces.map(({ hex }) => Buffer.from(hex, 'hex')));
}

export async function setState(
  access: MysqlAccess,
  { keeper }: Kept,
  state: KeptState,
  signal?: AbortSignal,
): Promise<void> {
  await change(access, stateStatement(keeper, state), 'Noting how far things are set aside', signal);
}

export async function dropKept(access: MysqlAccess, { keeper }: Kept, signal?: AbortSignal): Promise<void> {
  const what = 'Removing what was set aside';
  await change(access, dropStatement(keeper), what, signal);
}

/** With all its tables, whichever of them have keys into those of another one that is dropped next. */
export const dropStatement = (database: string): string =>
  `set foreign_key_checks = 0;\ndrop database if exists ${identifier(database)};\nset foreign_key_checks = 1;`;

export async function change(access: MysqlAccess, sql: string, what: string, signal?: AbortSignal): Promise<void> {
  await run(access, sql, { what, ...(signal && { signal }) });
}

const stateStatement = (keeper: string, state: KeptState): string =>
  `update ${identifier(keeper)}.${stateTable} set state = '${state}';`;
