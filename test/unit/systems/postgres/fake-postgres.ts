import type { StoreContainer } from '../../../../systems/docker/streamed/store-container.ts';
import type { PostgresAccess } from '../../../../systems/postgres/access.ts';
import { joinedText, steady } from '../streams/sources.ts';

export interface FakePostgres {
  access: PostgresAccess;
  /** What was started, in order: program, database, and for psql the last line of its script. */
  said: string[];
  /** Name → what it holds, and whether it may be connected to. */
  databases: Map<string, { content: string; open: boolean }>;
  /** Sessions that hold a snapshot now, by database. */
  held: Set<string>;
  /** Scripts of psql. */
  scripts: string[];
}

export interface FakeOptions {
  databases?: Record<string, string>;
  /** Called before each statement that changes something: throws when the world breaks there. */
  before?: (statement: string) => void;
  dump?: (database: string) => AsyncIterable<Uint8Array>;
  answers?: [RegExp, unknown][];
}

/** A server that knows the few statements that the driver sends; psql, pg_dump and pg_restore stand before it. */
export function fakePostgres({ databases: given = {}, before, dump, answers = [] }: FakeOptions = {}): FakePostgres {
  const databases = new Map(Object.entries(given).map(([name, content]) => [name, { content, open: true }]));
  const comments = new Map<string, string>();
  const said: string[] = [];
  const held = new Set<string>();
  const scripts: string[] = [];

  const change = (statement: string): void => {
    const [, verb, name = '', rest = ''] =
      /^(alter|create|drop|comment on) database (?:if exists )?"([^"]+)"(.*)$/s.exec(statement) ?? [];
    if (verb === undefined) return;
    before?.(statement);
    const found = databases.get(name);
    if (verb === 'create') databases.set(name, { content: '', open: false });
    else if (verb === 'drop') {
      if (!found && !statement.includes('if exists')) throw new Error(`database ${name} does not exist`);
      databases.delete(name);
    } else if (!found) throw new Error(`database ${name} does not exist`);
    else if (verb === 'comment on') comments.set(name, /is '(.*)'/.exec(rest)?.[1] ?? '');
    else if (rest.includes('allow_connections')) found.open = rest.includes('true');
    else {
      const to = /rename to "([^"]+)"/.exec(rest)?.[1] ?? '';
      if (databases.has(to)) throw new Error(`database ${to} exists`);
      databases.delete(name);
      databases.set(to, found);
      // A comment is of the database, not of its name.
      comments.set(to, comments.get(name) ?? '');
      comments.delete(name);
    }
  };

  const answer = (script: string, database: string): unknown[] => {
    const own = answers.find(([pattern]) => pattern.test(script));
    if (own) return [own[1]];
    if (script.includes("'original'")) {
      const names = [...script.matchAll(/datname = '([^']+)'/g)].map(([, name]) => name ?? '');
      const [original = '', kept = ''] = names;
      const placeholder = databases.has(kept) && comments.get(kept) === 'rekindle: there was no such database';
      return [{ original: databases.has(original), kept: databases.has(kept), placeholder }];
    }
    if (script.includes("'serverVersion'"))
      return [
        {
          serverVersion: 160014,
          superuser: true,
          inRecovery: false,
          tablespaces: [],
          availableExtensions: { plpgsql: '1.0' },
          databases: Object.fromEntries([...databases.keys()].map((name) => [name, 1000])),
        },
      ];
    if (script.includes('listen_addresses')) return [true];
    if (script.includes('pg_roles')) return [['app', 'postgres']];
    if (script.includes("'provider'"))
      return [
        {
          name: database,
          owner: 'app',
          encoding: 'UTF8',
          collate: 'C',
          ctype: 'C',
          provider: 'c',
          extensions: {},
          objects: {},
        },
      ];
    if (script.includes("'key'")) return [{ schema: 'public', name: 'job', key: ['id'] }];
    if (script.includes("'rows'")) return [{ schema: 'public', name: 'job', rows: 3, sample: 'abc' }];
    return [];
  };

  const container: StoreContainer = {
    name: 'db-1',
    async *outputOf({ command, environment = {} }) {
      said.push(
        `${command[0]} ${environment.PGDATABASE} ${command.find((word) => word.startsWith('--snapshot')) ?? ''}`.trim(),
      );
      yield* dump?.(environment.PGDATABASE ?? '') ?? steady(Buffer.from(`dump of ${environment.PGDATABASE}`));
    },
    async feed({ command, environment = {} }, pieces) {
      const script = await joinedText(pieces);
      const database = environment.PGDATABASE ?? '';
      said.push(`${command[0]} ${database}`);
      if (command[0] === 'pg_restore') {
        before?.('pg_restore');
        const name = /dump of (.*)/.exec(script)?.[1] ?? '';
        if (databases.has(name)) throw new Error(`database ${name} exists`);
        databases.set(name, { content: 'restored', open: true });
        before?.('pg_restore has ended');
        return '';
      }
      scripts.push(script);
      for (const statement of script.split(';\n')) change(statement.trim().replace(/;$/, ''));
      const found = answer(script, database);
      return found.map((row) => `${JSON.stringify(row)}\n`).join('');
    },
    hold({ environment = {} }) {
      const database = environment.PGDATABASE ?? '';
      held.add(database);
      said.push(`hold ${database}`);
      return Promise.resolve({
        line: `snapshot-${database}`,
        ask: () => Promise.reject(new Error('nothing is asked')),
        release: () => Promise.resolve(void held.delete(database)),
      });
    },
  };
  const access = { container, username: 'postgres', port: 5432, application: 'rekindle-test' };
  return { access, said, databases, held, scripts };
}
