import { Readable } from 'node:stream';
import { Failure } from '../../domain/failures.ts';
import { listed } from '../../domain/listed.ts';
import type { MysqlServer } from '../../domain/mysql/expected.ts';
import type { Pieces } from '../streams/pieces.ts';
import type { MysqlAccess } from './access.ts';
import { client, rows, settings } from './client.ts';
import { wholeOf } from './definitions.ts';
import { complete } from './dump.ts';
import { headerOf, readHeader } from './header.ts';
import { beginKept, change, dropKept, keepText, listKept, readText, type Kept } from './kept.ts';
import { asking } from './observe.ts';
import { referencesQuery } from './queries.ts';
import { clearRestored, setAside } from './set-aside.ts';
import { applyAccounts, readAccounts, scriptOf, withoutAccount } from './users.ts';

export interface Restoring {
  run: string;
  server: MysqlServer;
  signal?: AbortSignal;
}

/**
 * Restores the databases of a dump; what had their names is set aside. Begun again, it removes what it had restored. Failures:
 * RestoreFailed, ContainerFailed, with what the server said; what the pieces throw.
 */
export async function restoreDatabases(access: MysqlAccess, restoring: Restoring, part: Pieces): Promise<void> {
  const { run, server, signal } = restoring;
  const { names, pieces } = await readHeader(part);
  await demandOwnReferences(access, names, signal);
  const present = await listKept(access, run, signal);
  for (const database of names)
    await setAside(access, { run, database, flavour: server.flavour, ...(signal && { signal }) }, present);
  for (const database of names) await clearRestored(access, database, signal);
  const what = `Restoring ${names.length} databases`;
  await access.container.feed(client(access, { what }), withSettings(complete(pieces, 'The dump in the point')), {
    ...(signal && { signal }),
  });
}

/**
 * Gives users and roles the definitions and rights that the point has. What they were is kept before; users that the point does not know
 * stay, and of the user that Rekindle connects as nothing changes, or it could lock itself out. Failures: ContainerFailed; what the
 * pieces throw.
 */
export async function restoreUsers(access: MysqlAccess, restoring: Restoring, part: Pieces): Promise<void> {
  const { run, server, signal } = restoring;
  const script = (await wholeOf(part, 'The part with the users')).toString('utf8');
  const present = await listKept(access, run, signal);
  const kept = present.find(({ original }) => original === '');
  if (kept?.state !== 'kept') {
    const accounts = await readAccounts(access, server.flavour, asking(access, signal), signal);
    const text = Buffer.concat([headerOf(accounts.map(({ name }) => name)), Buffer.from(scriptOf(accounts))]);
    const begun = await beginKept(access, { of: run, original: '', state: 'saving', creation: '' }, signal);
    await keepText(access, begun, { text, state: 'kept' }, signal);
  }
  const question = { what: 'Restoring the users', ...(signal && { signal }) };
  await applyAccounts(access, withoutAccount(script, server.user), question);
}

/** Users as they were before the run; those that it made are removed. Failures: ContainerFailed. */
export async function putBackUsers(
  access: MysqlAccess,
  kept: Kept,
  { server, signal }: Omit<Restoring, 'run'>,
): Promise<void> {
  if (kept.state === 'kept') {
    const script = await readText(access, kept, signal);
    const { names } = await readHeader(Readable.from([script]));
    const accounts = await readAccounts(access, server.flavour, asking(access, signal), signal);
    const made = accounts.filter(({ name }) => !names.includes(name) && name !== server.user);
    const drops = made.map(({ sql, role }) => `drop ${role ? 'role' : 'user'} if exists ${sql};`);
    if (drops.length > 0) await change(access, drops.join('\n'), 'Removing users that the restore made', signal);
    const question = { what: 'Bringing the users back', ...(signal && { signal }) };
    await applyAccounts(access, withoutAccount(script.toString('utf8'), server.user), question);
  }
  await dropKept(access, kept, signal);
}

async function* withSettings(pieces: Pieces): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${settings};\n`);
  yield* pieces;
}

/** A foreign key follows the table that is moved; one from elsewhere would hold what is set aside for good. */
async function demandOwnReferences(access: MysqlAccess, names: readonly string[], signal?: AbortSignal): Promise<void> {
  if (names.length === 0) return;
  const what = 'Looking for foreign keys from other databases';
  const found = await rows<{ table: string }>(access, referencesQuery(names), { what, ...(signal && { signal }) });
  if (found.length === 0) return;
  throw new Failure('RestoreFailed', {
    message: `Tables of databases that are not restored have foreign keys into those that are: ${listed(found.map(({ table }) => table))}`,
    remedy:
      'Remove these foreign keys, restore again, and create them again afterwards; next time back up all databases together',
  });
}
