import { failed, passed, warned, type Check } from '../checks.ts';
import { listed } from '../listed.ts';
import type { PostgresExpectedSet, PostgresServer } from './expected.ts';

/** The first with `pg_stat_activity.backend_type` and exported snapshots on standbys, `sha256()` and shortest floats as text. */
const oldestMajor = 12;

export const majorOf = (serverVersion: number): number => Math.floor(serverVersion / 10_000);

/** 160014 → `16.14`. */
export const versionText = (serverVersion: number): string => `${majorOf(serverVersion)}.${serverVersion % 10_000}`;

/** Whether a backup can be taken of this server. */
export function backUpChecks(store: string, server: PostgresServer): Check[] {
  const { serverVersion, superuser, inRecovery, tablespaces } = server;
  const version = versionText(serverVersion);
  const name = `postgres ${store}`;
  if (majorOf(serverVersion) < oldestMajor)
    return [failed(name, `PostgreSQL ${version} runs`, `Upgrade it to ${oldestMajor} or newer`)];
  const rights = superuser
    ? passed(`${name} rights`, 'Its user is a superuser')
    : failed(
        `${name} rights`,
        'Its user is no superuser, and cannot read the roles with their passwords',
        `Name a superuser under "username" of the store "${store}" in the platform file`,
      );
  const role = inRecovery
    ? warned(
        `${name} role`,
        'The server is a standby: the dump may be behind the primary, and is cancelled by conflicts',
        'Name the service of the primary in the platform file',
      )
    : passed(`${name} role`, 'The server is a primary');
  // Their folders lie outside the data folder: a restore would find the old ones full, and nothing would set them aside.
  const spaces =
    tablespaces.length === 0
      ? []
      : [
          failed(
            `${name} tablespaces`,
            `It has the tablespaces ${listed(tablespaces)}, which a restore cannot make again`,
            'Move what lies in them into the default tablespace, and drop them',
          ),
        ];
  return [passed(name, `PostgreSQL ${version} runs`), rights, role, ...spaces];
}

/** Whether this server can take what a recovery point holds; before anything is touched. */
export function restoreChecks(expected: PostgresExpectedSet, server: PostgresServer): Check[] {
  return [
    versionCheck(expected, server),
    extensionsCheck(expected, server),
    ...backUpChecks(expected.store, server).filter(({ verdict, warning }) => verdict !== 'pass' || warning === true),
  ];
}

function versionCheck(
  { store, serverVersion: taken }: PostgresExpectedSet,
  { serverVersion: runs }: PostgresServer,
): Check {
  const name = `postgres ${store} version`;
  const evidence = `The point was taken by PostgreSQL ${versionText(taken)}; ${versionText(runs)} runs`;
  if (majorOf(runs) < majorOf(taken))
    return failed(
      name,
      `${evidence}, which cannot read dumps of a later major version`,
      `Start the service with the image of PostgreSQL ${majorOf(taken)} or newer`,
    );
  if (majorOf(runs) === majorOf(taken)) return passed(name, evidence);
  return warned(
    name,
    evidence,
    `Read the release notes up to ${majorOf(runs)}: the restore is an upgrade at the same time`,
  );
}

function extensionsCheck({ store, databases }: PostgresExpectedSet, { availableExtensions }: PostgresServer): Check {
  const name = `postgres ${store} extensions`;
  const wanted = new Map(databases.flatMap(({ extensions }) => Object.entries(extensions)));
  const missing = [...wanted.keys()].filter((extension) => !Object.hasOwn(availableExtensions, extension)).toSorted();
  if (missing.length > 0)
    return failed(
      name,
      `The image has not the extensions ${listed(missing)}, which the point needs`,
      'Start the service with an image that has them',
    );
  const others = [...wanted]
    .filter(([extension, version]) => availableExtensions[extension] !== version)
    .map(([extension, version]) => `${extension} (${version}, now ${availableExtensions[extension]})`);
  // A dump says CREATE EXTENSION without a version, so that it gets the one at hand.
  if (others.length > 0)
    return warned(
      name,
      `Other versions than in the point: ${listed(others.toSorted())}`,
      'Check in their release notes that data of the other version can be read',
    );
  return passed(name, `All ${wanted.size} extensions of the point are at hand, in the same versions`);
}
