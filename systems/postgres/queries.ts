import { identifier, literal } from './access.ts';

// cspell:ignore rolsuper rolname datallowconn datistemplate nspname classid regclass objid deptype relnamespace relkind relpersistence userbyid datdba datcollate
// cspell:ignore spcname datctype datlocprovider extversion pronamespace tgisinternal connamespace contype largeobject relname attname indkey ordinality attrelid attnum indrelid indisprimary

// Each gives one JSON document, or one a row. Names of the catalogue's are written out: no search path is set.

/** What there is, for checks and forecast. */
export const serverQuery = `
select json_build_object(
  'serverVersion', current_setting('server_version_num')::int,
  'superuser', (select rolsuper from pg_catalog.pg_roles where rolname = current_user),
  'inRecovery', pg_catalog.pg_is_in_recovery(),
  'tablespaces', (select coalesce(json_agg(spcname order by spcname), '[]') from pg_catalog.pg_tablespace where spcname !~ '^pg_'),
  'availableExtensions', (select coalesce(json_object_agg(name, default_version), '{}') from pg_catalog.pg_available_extensions),
  'databases', (select coalesce(json_object_agg(datname, pg_catalog.pg_database_size(oid)), '{}')
                from pg_catalog.pg_database where datallowconn and not datistemplate));`;

export const stayingQuery = `
select to_json(current_setting('listen_addresses') not in ('', 'localhost', '127.0.0.1')
  or split_part(pg_catalog.pg_read_file('postmaster.pid'), E'\\n', 1) = '1');`;

/** Those that the server brings along are none of a backup's. */
export const rolesQuery = `
select coalesce(json_agg(rolname order by rolname), '[]') from pg_catalog.pg_roles where rolname !~ '^pg_';`;

const ownSchemas = `nspname !~ '^pg_' and nspname <> 'information_schema'`;

/** What an extension brought is created with it, in the version at hand. */
const notOfExtension = (catalogue: string, oid: string): string =>
  `not exists (select from pg_catalog.pg_depend e where e.classid = 'pg_catalog.${catalogue}'::pg_catalog.regclass
    and e.objid = ${oid} and e.deptype = 'e')`;

const countClasses = (kinds: string): string => `(select count(*) from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where ${ownSchemas} and c.relkind in (${kinds}) and c.relpersistence <> 't' and ${notOfExtension('pg_class', 'c.oid')})`;

/** Of the database that is asked: all of ExpectedDatabase but its tables. */
export const databaseQuery = `
select json_build_object(
  'name', d.datname,
  'owner', pg_catalog.pg_get_userbyid(d.datdba),
  'encoding', pg_catalog.pg_encoding_to_char(d.encoding),
  'collate', d.datcollate,
  'ctype', d.datctype,
  'provider', coalesce(to_jsonb(d) ->> 'datlocprovider', 'c'),
  'extensions', (select coalesce(json_object_agg(extname, extversion), '{}') from pg_catalog.pg_extension),
  'objects', json_build_object(
    'views', ${countClasses("'v', 'm'")},
    'sequences', ${countClasses("'S'")},
    'indexes', ${countClasses("'i', 'I'")},
    'functions', (select count(*) from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      where ${ownSchemas} and ${notOfExtension('pg_proc', 'p.oid')}),
    'triggers', (select count(*) from pg_catalog.pg_trigger where not tgisinternal),
    'constraints', (select count(*) from pg_catalog.pg_constraint c join pg_catalog.pg_namespace n on n.oid = c.connamespace
      where ${ownSchemas} and c.contype <> 'n'),
    'large objects', (select count(*) from pg_catalog.pg_largeobject_metadata)))
from pg_catalog.pg_database d where d.datname = current_database();`;

export interface FoundTable {
  schema: string;
  name: string;
  /** Columns of the primary key, in order; empty: there is none. */
  key: string[];
}

/** Every table that holds rows itself: partitions, too, and not what they are partitions of. */
export const tablesQuery = `
select json_build_object('schema', n.nspname, 'name', c.relname, 'key', coalesce((
  select json_agg(a.attname order by k.place)
  from pg_catalog.pg_index i
  cross join lateral unnest(i.indkey::int2[]) with ordinality k (number, place)
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
  where i.indrelid = c.oid and i.indisprimary), '[]'))
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where ${ownSchemas} and c.relkind = 'r' and c.relpersistence <> 't' and ${notOfExtension('pg_class', 'c.oid')}
order by n.nspname, c.relname;`;

/** A column of this name would be read in place of the row. */
const row = 'rekindle_row';

/**
 * An ExpectedTable. The key is sorted as text by its bytes: the order of a language differs from one system to the next, and
 * other types have an order that a text keeps all the same on both sides.
 */
export function tableQuery({ schema, name, key }: FoundTable, samples: number): string {
  const table = `${identifier(schema)}.${identifier(name)}`;
  const order = key.map((column) => `${row}.${identifier(column)}::text collate "C"`).join(', ');
  const sample =
    key.length === 0 || samples === 0
      ? ''
      : `, 'sample', (select encode(sha256(convert_to(coalesce(string_agg(line, E'\\n' order by place), ''), 'UTF8')), 'hex')
  from (select row_number() over (order by ${order}) place, ${row}::text line from only ${table} ${row} order by ${order} limit ${samples}) first)`;
  return `select json_build_object('schema', ${literal(schema)}, 'name', ${literal(name)}, 'rows', (select count(*) from only ${table})${sample});`;
}

/** What a run's earlier, dead attempt left running. */
export function endLeftovers(application: string): string {
  return `select count(pg_catalog.pg_terminate_backend(pid)) from pg_catalog.pg_stat_activity
where application_name = ${literal(application)} and pid <> pg_catalog.pg_backend_pid();`;
}

/** Reads what another session sees: to be put before a query. */
export function inSnapshot(snapshot: string | undefined): string {
  const begin = 'begin isolation level repeatable read read only;\n';
  return snapshot === undefined ? begin : `${begin}set transaction snapshot ${literal(snapshot)};\n`;
}

/** Written by COPY, which psql passes on at once; what SELECT prints may wait in a buffer for the session's end. */
export const exportSnapshot = `begin isolation level repeatable read read only;
copy (select pg_catalog.pg_export_snapshot()) to stdout;
`;
