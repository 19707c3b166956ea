import { identifier, keptPrefix, literal } from './access.ts';

// Each gives one JSON document, or one a row.

const ownDatabases = (column: string): string =>
  `${column} not in ('mysql', 'information_schema', 'performance_schema', 'sys') and ${column} not like '${keptPrefix.replaceAll('_', '\\_')}%'`;

export interface FoundServer {
  version: string;
  lowerCaseTableNames: number;
  readOnly: number;
  binaryLog: number;
  user: string;
}

export const serverQuery = `
select json_object('version', version(), 'lowerCaseTableNames', @@lower_case_table_names,
  'readOnly', if(@@global.read_only, 1, 0), 'binaryLog', if(@@global.log_bin, 1, 0), 'user', current_user());`;

/** The user's own; what it has by a role is not among them. */
export const privilegesQuery = `
select json_object('privilege', privilege_type) from information_schema.user_privileges
where replace(grantee, '''', '') = current_user();`;

export const databasesQuery = `
select json_object('name', s.schema_name, 'bytes', (
  select cast(coalesce(sum(t.data_length + t.index_length), 0) as unsigned)
  from information_schema.tables t where t.table_schema = s.schema_name))
from information_schema.schemata s where ${ownDatabases('s.schema_name')} order by s.schema_name;`;

/** Tables proper: no views, no sequences. */
const tableTypes = `('BASE TABLE', 'SYSTEM VERSIONED')`;

const transactional = `t.engine in (select e.engine from information_schema.engines e where e.transactions = 'YES')`;

export const withoutTransactionsQuery = `
select json_object('database', t.table_schema, 'table', t.table_name) from information_schema.tables t
where ${ownDatabases('t.table_schema')} and t.table_type in ${tableTypes} and not (${transactional})
order by t.table_schema, t.table_name;`;

export interface FoundDatabase {
  name: string;
  characterSet: string;
  collation: string;
  objects: Record<string, number>;
}

/** Of one database: all that is expected of it but its tables. */
export function databaseQuery(database: string): string {
  const name = literal(database);
  const count = (from: string, schema: string, more = ''): string =>
    `(select count(*) from information_schema.${from} where ${schema} = ${name}${more})`;
  return `
select json_object('name', schema_name, 'characterSet', default_character_set_name, 'collation', default_collation_name,
  'objects', json_object(
    'views', ${count('views', 'table_schema')},
    'sequences', ${count('tables', 'table_schema', " and table_type = 'SEQUENCE'")},
    'triggers', ${count('triggers', 'trigger_schema')},
    'functions', ${count('routines', 'routine_schema', " and routine_type = 'FUNCTION'")},
    'procedures', ${count('routines', 'routine_schema', " and routine_type = 'PROCEDURE'")},
    'events', ${count('events', 'event_schema')},
    'indexes', ${count('statistics', 'table_schema', ' and seq_in_index = 1')},
    'constraints', ${count('table_constraints', 'constraint_schema')}))
from information_schema.schemata where schema_name = ${name};`;
}

export interface FoundTable {
  name: string;
  /** Whether its rows are those of a snapshot. */
  transactional: number;
}

export const tablesQuery = (database: string): string => `
select json_object('name', t.table_name, 'transactional', if(${transactional}, 1, 0)) from information_schema.tables t
where t.table_schema = ${literal(database)} and t.table_type in ${tableTypes} order by t.table_name;`;

export interface FoundColumn {
  table: string;
  name: string;
  type: string;
  /** Its place in the primary key; 0: none. */
  key: number;
}

export const columnsQuery = (database: string): string => `
select json_object('table', c.table_name, 'name', c.column_name, 'type', c.data_type, 'key', coalesce((
  select k.ordinal_position from information_schema.key_column_usage k
  where k.table_schema = c.table_schema and k.table_name = c.table_name and k.column_name = c.column_name
    and k.constraint_name = 'PRIMARY'), 0))
from information_schema.columns c where c.table_schema = ${literal(database)} order by c.table_name, c.ordinal_position;`;

/** Their bytes depend on the version, or no function takes them. */
const unsampled = new Set([
  ...['float', 'double', 'geometry', 'point', 'linestring', 'polygon', 'multipoint', 'multilinestring'],
  ...['multipolygon', 'geometrycollection', 'geomcollection', 'vector'],
]);

/**
 * `{ rows, sample }` of a table. Each value and each row is hashed where it is, so that rows of any size take no room; the order
 * of the hashes is their own.
 */
export function tableQuery(database: string, table: string, columns: readonly FoundColumn[], samples: number): string {
  const from = `${identifier(database)}.${identifier(table)}`;
  const count = `'rows', (select count(*) from ${from})`;
  const key = columns.filter((column) => column.key > 0).toSorted((a, b) => a.key - b.key);
  const values = columns.filter(({ type }) => !unsampled.has(type.toLowerCase()));
  if (samples === 0 || key.length === 0 || values.length === 0) return `select json_object(${count});`;
  const line = values.map(({ name }) => `ifnull(sha2(${identifier(name)}, 256), '-')`).join(', ');
  const order = key.map(({ name }) => identifier(name)).join(', ');
  return `select json_object(${count}, 'sample', (select sha2(coalesce(group_concat(line order by line separator ','), ''), 256)
  from (select sha2(concat_ws(',', ${line}), 256) line from ${from} order by ${order} limit ${samples}) first_rows));`;
}

/** Tables elsewhere that refer to a database's own, as `database.table`; they would refer to what is set aside. */
export function referencesQuery(databases: readonly string[]): string {
  const names = databases.map(literal).join(', ');
  return `select distinct json_object('table', concat(k.table_schema, '.', k.table_name))
from information_schema.key_column_usage k
where k.referenced_table_schema in (${names}) and k.table_schema not in (${names})
  and ${ownDatabases('k.table_schema')};`;
}
