import { Failure } from '../../../../domain/failures.ts';
import type { StreamedCommand } from '../../../../systems/docker/streamed/command.ts';
import type { StoreContainer } from '../../../../systems/docker/streamed/store-container.ts';
import type { MysqlAccess } from '../../../../systems/mysql/access.ts';
import { joinedText, steady } from '../streams/sources.ts';

export interface FakeMysql {
  access: MysqlAccess;
  /** What was started and asked, in order. */
  said: string[];
  /** Name → its tables; a table of the driver's own begins with `rekindle_`. */
  databases: Map<string, Set<string>>;
}

export interface FakeOptions {
  databases?: Record<string, string[]>;
  /** Called before each statement that changes something: throws when the world breaks there. */
  before?: (statement: string) => void;
  dump?: string;
  /** The server refuses to hold writes up. */
  lockRefused?: boolean;
  /** Rows of the table `log` at each count, in turn; the last one stays. */
  counts?: number[];
}

interface Row {
  run: string;
  original: string;
  state: string;
  creation: string;
  text: string;
}

/** A server that knows the few statements that the driver sends; client and dump stand before it. */
export function fakeMysql({
  databases: given = {},
  before,
  dump = '-- Current Database: `app`\n-- Dump completed\n',
  lockRefused = false,
  counts = [3],
}: FakeOptions = {}): FakeMysql {
  const databases = new Map(Object.entries(given).map(([name, tables]) => [name, new Set(tables)]));
  const rows = new Map<string, Row>();
  const said: string[] = [];

  const text = (literal: string): string =>
    literal === "''" ? '' : Buffer.from(/_utf8mb4 0x([0-9a-f]+)/.exec(literal)?.[1] ?? '', 'hex').toString();
  const literals = (sql: string): string[] => (sql.match(/_utf8mb4 0x[0-9a-f]+|''/g) ?? []).map(text);

  const change = (statement: string): void => {
    const [, verb = '', name = ''] =
      /^(drop database if exists|create database(?: if not exists)?) `([^`]+)`/.exec(statement) ?? [];
    const state = /^update `([^`]+)`.rekindle_state set state = '(\w+)'/.exec(statement);
    const inserted = /^insert into `([^`]+)`.(rekindle_\w+) values \((.*)\)/s.exec(statement);
    const created = /^create table `([^`]+)`.(rekindle_\w+)/.exec(statement);
    const moves = /^rename table (.*)/.exec(statement);
    if (verb !== '' || state || inserted || created || moves) before?.(statement);
    if (verb.startsWith('drop')) {
      databases.delete(name);
      rows.delete(name);
    } else if (verb !== '') {
      if (databases.has(name) && !verb.includes('not exists')) throw new Error(`database ${name} exists`);
      if (!databases.has(name)) databases.set(name, new Set());
    } else if (created) databases.get(created[1] ?? '')?.add(created[2] ?? '');
    else if (state) row(state[1]).state = state[2] ?? '';
    else if (inserted?.[2] === 'rekindle_state') {
      const [run = '', original = '', now = '', creation = ''] = literals(inserted[3] ?? '');
      rows.set(inserted[1] ?? '', { run, original, state: now, creation, text: '' });
    } else if (inserted) row(inserted[1]).text += /0x([0-9a-f]*)/.exec(inserted[3] ?? '')?.[1] ?? '';
    else if (moves)
      for (const [, from = '', table = '', to = ''] of (moves[1] ?? '').matchAll(/`([^`]+)`.`([^`]+)` to `([^`]+)`/g)) {
        if (databases.get(to)?.has(table) === true) throw new Error(`table ${table} exists`);
        if (databases.get(from)?.delete(table) !== true) throw new Error(`no table ${table} in ${from}`);
        databases.get(to)?.add(table);
      }
  };
  const row = (keeper = ''): Row => {
    const found = rows.get(keeper);
    if (!found) throw new Error(`nothing is kept in ${keeper}`);
    return found;
  };

  const answer = (sql: string): unknown[] => {
    const [first = ''] = literals(sql);
    if (sql.includes("'version'"))
      return [
        { version: '10.11.19-MariaDB-log', lowerCaseTableNames: 0, readOnly: 0, binaryLog: 0, user: 'root@localhost' },
      ];
    if (sql.includes("'privilege'")) return [{ privilege: 'SELECT' }];
    if (sql.includes("'bytes'")) return [...databases.keys()].map((name) => ({ name, bytes: 1000 }));
    if (sql.includes("'noted'"))
      return [...databases]
        .filter(([name]) => name.startsWith('rekindle_kept_'))
        .map(([name, tables]) => ({ name, noted: tables.has('rekindle_state') ? 1 : 0, tables: tables.size }));
    if (sql.includes("'keeper'"))
      return literals(sql).map((keeper) => ({ keeper, ...(rows.get(keeper) ?? { run: null }) }));
    if (sql.includes("'hex'")) return [{ hex: row(/from `([^`]+)`/.exec(sql)?.[1]).text }];
    if (sql.includes("'objects'"))
      return [{ name: first, characterSet: 'utf8mb4', collation: 'utf8mb4_bin', objects: {} }];
    if (sql.includes("'characterSet'"))
      return databases.has(first) ? [{ characterSet: 'utf8mb4', collation: 'utf8mb4_bin' }] : [];
    if (sql.includes("'transactional'")) return [{ name: 'log', transactional: 1 }];
    if (sql.includes("'rows'")) return [{ rows: counts.length > 1 ? counts.shift() : counts[0], sample: 'abc' }];
    if (sql.includes("table_type not in ('VIEW'")) return [...(databases.get(first) ?? [])].map((name) => ({ name }));
    return [];
  };

  const script = (all: string): string => {
    const sql = all.replace(/^set time_zone[^\n]*\n/, '');
    const statements = sql.split(';\n').map((statement) => statement.trim().replace(/;$/, ''));
    for (const statement of statements) change(statement);
    return answer(sql)
      .map((found) => `${JSON.stringify(found)}\n`)
      .join('');
  };
  const isDump = ({ command }: StreamedCommand): boolean => command.includes('mariadb-dump');

  const container: StoreContainer = {
    name: 'db-1',
    async *outputOf(command) {
      said.push(isDump(command) && command.command.includes('--databases') ? 'dump' : 'definitions');
      yield* steady(Buffer.from(command.command.includes('--databases') ? dump : 'definitions\n-- Dump completed\n'));
    },
    async feed(command, pieces) {
      const sql = await joinedText(pieces);
      if (!command.command.includes('mariadb')) return '';
      if (sql.includes('-- Current Database')) {
        before?.('restore');
        databases.set('app', new Set(['restored']));
        before?.('restore has ended');
        return '';
      }
      return script(sql);
    },
    hold(_, input) {
      const locks = input.includes('flush tables with read lock');
      if (locks && lockRefused) {
        said.push('lock refused');
        const message =
          'ERROR 1227 (42000) at line 2: Access denied; you need (at least one of) the RELOAD privilege(s)';
        return Promise.reject(new Failure('ContainerFailed', { message, remedy: '' }));
      }
      said.push(locks ? 'lock' : 'snapshot');
      return Promise.resolve({
        line: 'rekindle-end',
        ask: (sql: string) => {
          if (sql.includes('unlock')) said.push('unlock');
          else if (sql.includes("'rows'")) said.push('count');
          return Promise.resolve(script(sql).split('\n'));
        },
        release: () => Promise.resolve(void said.push('release')),
      });
    },
  };
  return { access: { container, username: 'root', port: 3306, application: 'rekindle-test' }, said, databases };
}
