import { Readable } from 'node:stream';
import type { PostgresExpectedSet } from '../../domain/postgres/expected.ts';
import { Failure } from '../../domain/failures.ts';
import type { Pieces } from '../streams/pieces.ts';
import { identifier, maintenance, program, type PostgresAccess } from './access.ts';
import { observeDatabase, readRoles } from './observe.ts';
import { psql } from './psql.ts';
import { clearRestored, setAside, type KeptDatabase } from './set-aside.ts';

/** Roles are few; more than this is something else. */
const mostGlobals = 64 * 1024 * 1024;

/**
 * Creates the roles and gives them passwords, memberships and settings as in the point. Roles that are there stay, with what the
 * point says of them; of the role that Rekindle connects as nothing changes, or it could lock itself out. The script is read to
 * its end first: half of it would be carried out without a complaint. Failures: ContainerFailed; what the pieces throw.
 */
export async function restoreGlobals(access: PostgresAccess, pieces: Pieces, signal?: AbortSignal): Promise<void> {
  const script = withoutRole(await textOf(pieces), access.username);
  const command = psql(access, { what: 'Restoring the roles' });
  // A role that is there already is an error, and none; whether all are there is compared afterwards.
  const tolerant = {
    ...command,
    command: command.command.map((word) => word.replace('ON_ERROR_STOP=1', 'ON_ERROR_STOP=0')),
  };
  await access.container.feed(tolerant, Readable.from([Buffer.from(script)]), { ...(signal && { signal }) });
}

/**
 * Restores a database under its name, with its owner, rights and settings; what had the name is set aside. Begun again, it removes
 * what it had restored. Failures: ContainerFailed, with what pg_restore said; what the pieces throw.
 */
export async function restoreDatabase(access: PostgresAccess, kept: KeptDatabase, pieces: Pieces): Promise<void> {
  const { database, signal } = kept;
  await setAside(access, kept);
  await clearRestored(access, kept);
  const options = ['--create', '--exit-on-error', '--no-password', `--dbname=${maintenance}`];
  const command = program(access, {
    command: ['pg_restore', ...options],
    what: `pg_restore of the database ${database}`,
  });
  await access.container.feed(command, pieces, { ...(signal && { signal }) });
}

/** What is there now, to be compared with the expected set; a database that is missing is left out. */
export async function observeRestored(
  access: PostgresAccess,
  expected: PostgresExpectedSet,
  { present, samples, signal }: { present: readonly string[]; samples: number; signal?: AbortSignal },
): Promise<Pick<PostgresExpectedSet, 'roles' | 'databases'>> {
  const databases = [];
  for (const { name } of expected.databases)
    if (present.includes(name))
      databases.push(await observeDatabase(access, { database: name, samples, ...(signal && { signal }) }));
  return { roles: await readRoles(access, signal), databases };
}

/** pg_dumpall writes what a role is as one line; a name is quoted where it must be. */
function withoutRole(script: string, role: string): string {
  const starts = [role, identifier(role)].map((name) => `ALTER ROLE ${name} WITH `);
  return script
    .split('\n')
    .filter((line) => !starts.some((start) => line.startsWith(start)))
    .join('\n');
}

async function textOf(pieces: Pieces): Promise<string> {
  const all: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    all.push(piece);
    bytes += piece.length;
    if (bytes > mostGlobals)
      throw new Failure('RepositoryCorrupted', {
        message: `The part with the roles has more than ${mostGlobals} bytes`,
        remedy: 'Choose another recovery point',
      });
  }
  return Buffer.concat(all).toString('utf8');
}
