import { failed, passed, warned, type Check } from '../checks.ts';
import { listed } from '../listed.ts';
import type { MysqlExpectedSet, MysqlFlavour, MysqlServer } from './expected.ts';

export const titles: Record<MysqlFlavour, string> = { mysql: 'MySQL', mariadb: 'MariaDB' };

/** The first with JSON_OBJECT, SHOW CREATE USER and roles that can be listed. */
const oldest: Record<MysqlFlavour, string> = { mysql: '5.7', mariadb: '10.4' };

/** What mysqldump asks for, with accounts. */
const neededToBackUp = ['SELECT', 'SHOW VIEW', 'TRIGGER', 'EVENT', 'PROCESS'];
const neededToRestore = [
  ...['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'INDEX', 'REFERENCES', 'CREATE VIEW'],
  ...['SHOW VIEW', 'CREATE ROUTINE', 'ALTER ROUTINE', 'TRIGGER', 'EVENT', 'CREATE USER'],
];

/** Any of these: objects belong to who defined them, which is not who restores them. */
const forOthers = ['SUPER', 'SET USER', 'SET_USER_ID', 'SET_ANY_DEFINER'];

/** `10.11.19` → `10.11`: what is compatible in both directions, by promise of both families. */
export const seriesOf = (version: string): string => version.split('.').slice(0, 2).join('.');

export function isOlder(a: string, b: string): boolean {
  const [one, other] = [a, b].map((version) => seriesOf(version).split('.').map(Number));
  const [major = 0, minor = 0] = one ?? [];
  const [otherMajor = 0, otherMinor = 0] = other ?? [];
  return major === otherMajor ? minor < otherMinor : major < otherMajor;
}

/** Whether a backup can be taken of this server. */
export function backUpChecks(store: string, server: MysqlServer): Check[] {
  const { flavour, serverVersion, privileges, withoutTransactions } = server;
  const name = `mysql ${store}`;
  const runs = `${titles[flavour]} ${serverVersion} runs`;
  if (isOlder(serverVersion, oldest[flavour])) return [failed(name, runs, `Upgrade it to ${oldest[flavour]} or newer`)];
  return [
    passed(name, runs),
    rightsCheck(store, server, neededToBackUp),
    privileges.includes('RELOAD')
      ? passed(`${name} lock`, 'Its user may hold writes up for the moment in which the dump begins')
      : warned(
          `${name} lock`,
          'Its user has not the privilege RELOAD: while others write, rows are counted as ranges, and no replication position is noted',
          `Grant RELOAD on *.* to the user that the store "${store}" names`,
        ),
    withoutTransactions.length === 0
      ? passed(`${name} engines`, 'All tables know transactions')
      : warned(
          `${name} engines`,
          `Without transactions, so not of the dump's moment: ${listed(withoutTransactions)}`,
          'Change their engine to InnoDB, or back up while nobody writes to them',
        ),
  ];
}

/** Whether this server can take what a recovery point holds; before anything is touched. */
export function restoreChecks(expected: MysqlExpectedSet, server: MysqlServer): Check[] {
  const { store } = expected;
  return [
    versionCheck(expected, server),
    rightsCheck(store, server, neededToRestore, forOthers),
    ...(server.readOnly
      ? [
          failed(
            `mysql ${store} writable`,
            'The server is read-only, as a replica is',
            'Name the service of the primary in the platform file, or set its read_only to OFF',
          ),
        ]
      : []),
    ...namesCheck(expected, server),
  ];
}

function versionCheck(expected: MysqlExpectedSet, server: MysqlServer): Check {
  const name = `mysql ${expected.store} version`;
  const taken = `${titles[expected.flavour]} ${expected.serverVersion}`;
  const evidence = `The point was taken by ${taken}; ${titles[server.flavour]} ${server.serverVersion} runs`;
  const series = seriesOf(expected.serverVersion);
  if (server.flavour !== expected.flavour)
    return failed(
      name,
      `${evidence}: their accounts, collations and system tables differ`,
      `Start the service with an image of ${titles[expected.flavour]} ${series}`,
    );
  if (isOlder(server.serverVersion, expected.serverVersion))
    return failed(
      name,
      `${evidence}, which need not understand dumps of a later series`,
      `Start the service with the image of ${titles[expected.flavour]} ${series} or newer`,
    );
  if (seriesOf(server.serverVersion) === series) return passed(name, evidence);
  return warned(
    name,
    evidence,
    `Read the release notes up to ${seriesOf(server.serverVersion)}: the restore is an upgrade at the same time`,
  );
}

function rightsCheck(
  store: string,
  { privileges, user }: MysqlServer,
  needed: readonly string[],
  oneOf: readonly string[] = [],
): Check {
  const name = `mysql ${store} rights`;
  const missing = needed.filter((privilege) => !privileges.includes(privilege));
  if (oneOf.length > 0 && !oneOf.some((privilege) => privileges.includes(privilege))) missing.push(oneOf.join(' or '));
  if (missing.length === 0) return passed(name, `The user ${user} has all ${needed.length} privileges that it takes`);
  return failed(
    name,
    `The user ${user} has not the global privileges ${missing.join(', ')}`,
    `Grant them on *.* to the user itself, not by a role, or name another under "username" of the store "${store}"`,
  );
}

/** With 0, `Job` and `job` are two tables; elsewhere one overwrites the other. */
function namesCheck(expected: MysqlExpectedSet, server: MysqlServer): Check[] {
  const { store, lowerCaseTableNames: taken } = expected;
  if (taken === server.lowerCaseTableNames) return [];
  const name = `mysql ${store} names`;
  const evidence = `lower_case_table_names was ${taken} and is ${server.lowerCaseTableNames}`;
  const names = expected.databases.flatMap((database) => [database.name, ...database.tables.map((each) => each.name)]);
  const mixed = names.filter((each) => each !== each.toLowerCase());
  if (mixed.length === 0) return [passed(name, `${evidence}; all names are in lower case`)];
  return [
    failed(
      name,
      `${evidence}; of the point's names these are not in lower case: ${listed(mixed)}`,
      `Start the service on an empty volume with lower_case_table_names=${taken}`,
    ),
  ];
}
