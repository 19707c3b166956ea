import type { ExpectedUser, MysqlFlavour } from '../../domain/mysql/expected.ts';
import { identifier, type MysqlAccess } from './access.ts';
import { linesOf, run, unescaped, type Question } from './client.ts';
import type { Ask } from './observe.ts';

/** A user or a role, with the statements that make it what it is. They hold hashes of passwords. */
export interface Account {
  /** As in the expected set: `app@%`. */
  name: string;
  /** As SQL has it. */
  sql: string;
  role: boolean;
  create: string[];
  grants: string[];
}

interface FoundAccount {
  user: string;
  host: string;
  role: number;
}

/** The server's own; and the one that MariaDB's image makes for its health check, whose password lies beside the data. */
const serversOwn = new Set([
  ...[
    'mariadb.sys@localhost',
    'mysql.sys@localhost',
    'mysql.session@localhost',
    'mysql.infoschema@localhost',
    'PUBLIC',
  ],
  ...['healthcheck@localhost', 'healthcheck@127.0.0.1', 'healthcheck@::1'],
]);

/** All users and roles but the server's own. Failures: ServiceNotFound, ContainerFailed. */
export async function readAccounts(
  access: MysqlAccess,
  flavour: MysqlFlavour,
  ask: Ask,
  signal?: AbortSignal,
): Promise<Account[]> {
  const role = flavour === 'mariadb' ? `if(is_role = 'Y', 1, 0)` : '0';
  const sql = `select json_object('user', user, 'host', host, 'role', ${role}) from mysql.user order by user, host;`;
  const found = await ask<FoundAccount>(sql, 'Listing the users');
  const wanted = found.filter((account) => !serversOwn.has(nameOf(account)));
  if (wanted.length === 0) return [];
  const question: Question = { what: 'Reading the rights of the users', ...(signal && { signal }) };
  const output = await run(access, wanted.map(statementsOf).reduce(appended, beginning(flavour)), question, {
    escaped: true,
  });
  const sections = sectionsOf(linesOf(output).map(unescaped));
  return wanted.map((account, at) => accountOf(account, sections[at] ?? []));
}

export const expectedUser = ({ name, grants }: Account): ExpectedUser => ({ name, grants: grants.length });

/** All users are created before the first right is given: roles are given to users, and to roles. */
export function scriptOf(accounts: readonly Account[]): string {
  const lines = ({ name }: Account, statements: string[]) => [
    `${mark}${JSON.stringify(name)}`,
    ...statements.map((statement) => `${statement};`),
  ];
  return [
    ...accounts.flatMap((account) => lines(account, account.create)),
    ...accounts.flatMap((account) => lines(account, account.grants)),
    '',
  ].join('\n');
}

/** The script without what it says of one user. */
export function withoutAccount(script: string, name: string): string {
  const unwanted = `${mark}${JSON.stringify(name)}`;
  let skipping = false;
  return script
    .split('\n')
    .filter((line) => {
      if (line.startsWith(mark)) skipping = line === unwanted;
      return !skipping;
    })
    .join('\n');
}

/**
 * Carries the script out. A right that this server does not know must not keep the others away: what is missing in the end is
 * found by comparing. Failures: ServiceNotFound, ContainerFailed.
 */
export async function applyAccounts(access: MysqlAccess, script: string, question: Question): Promise<void> {
  await run(access, script, question, { tolerant: true });
}

const mark = '-- Account: ';
/** Not a statement that SHOW gives. */
const section = 'rekindle-account';

const beginning = (flavour: MysqlFlavour): string =>
  // Hashes of MySQL 8 hold bytes that are no text.
  flavour === 'mysql' ? '/*!80017 set print_identified_with_as_hex = on */;\n' : '';

const appended = (script: string, statements: string): string => `${script}${statements}`;

const isRole = ({ role }: FoundAccount): boolean => role === 1;
const nameOf = (account: FoundAccount): string => (isRole(account) ? account.user : `${account.user}@${account.host}`);
const sqlOf = (account: FoundAccount): string =>
  isRole(account) ? identifier(account.user) : `${identifier(account.user)}@${identifier(account.host)}`;

function statementsOf(account: FoundAccount): string {
  const sql = sqlOf(account);
  const create = isRole(account) ? '' : `show create user ${sql};\n`;
  return `select '${section}';\n${create}show grants for ${sql};\n`;
}

function sectionsOf(lines: readonly string[]): string[][] {
  const sections: string[][] = [];
  for (const line of lines) {
    if (line === section) sections.push([]);
    else sections.at(-1)?.push(line);
  }
  return sections;
}

/** A list of roles, as MySQL writes it into what creates a user. */
const defaultRole = / DEFAULT ROLE ((?:`(?:[^`]|``)*`@`(?:[^`]|``)*`,?)+)/;

function accountOf(account: FoundAccount, lines: string[]): Account {
  const sql = sqlOf(account);
  const name = nameOf(account);
  if (isRole(account)) {
    const revoke = `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${sql}`;
    return { name, sql, role: true, create: [`CREATE ROLE IF NOT EXISTS ${sql}`, revoke], grants: lines };
  }
  const [shown = '', ...grants] = lines;
  // A user can have a role by default only once it has the role.
  const roles = defaultRole.exec(shown)?.[1];
  const definition = shown.replace(defaultRole, '').replace(/^CREATE USER /, '');
  return {
    name,
    sql,
    role: false,
    create: [
      `CREATE USER IF NOT EXISTS ${definition}`,
      `ALTER USER ${definition}`,
      `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${sql}`,
    ],
    grants: [...grants, ...(roles === undefined ? [] : [`SET DEFAULT ROLE ${roles} TO ${sql}`])],
  };
}
