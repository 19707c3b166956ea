import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canInstall, freshLists, mustInstallByHand } from '../lib/apt.mjs';
import { answerOf, run } from '../lib/command.mjs';
import { baseTag, ensureBase } from './base.mjs';
import { readImageFile } from './engine-images.mjs';

/**
 * What of Debian's packages is put into the image: the server, its programs, and the libraries that they load. The rest (Perl,
 * scripts that manage several clusters, LLVM for compiled queries) serves a machine, not a container.
 */
const wanted = /^(postgresql-\d|postgresql-client-\d|tzdata|lib(?!.*perl|llvm|z3))/;

/** Puts PostgreSQL's programs, from the packages of this machine's own release, into the build context, below `root`. */
export async function stagePostgresql(folder, say) {
  if (!canInstall()) throw mustInstallByHand('PostgreSQL', ['postgresql', 'postgresql-client']);
  await ensureBase(say);
  await freshLists();
  const major = await majorOf();
  const archives = join(folder, 'archives');
  mkdirSync(join(archives, 'partial'), { recursive: true });
  // What the base image has already is not fetched: apt is shown its list of packages in place of this machine's.
  const status = join(folder, 'status');
  writeFileSync(status, await readImageFile(baseTag, '/var/lib/dpkg/status'));
  const places = [`Dir::State::status=${status}`, `Dir::Cache::archives=${archives}`, 'Debug::NoLocking=1'];
  const names = [`postgresql-${major}`, `postgresql-client-${major}`];
  await run(
    'apt-get',
    [
      ...[...places, 'APT::Sandbox::User=root'].flatMap((option) => ['-o', option]),
      'install',
      '--download-only',
      '--yes',
      '--no-install-recommends',
      ...names,
    ],
    { log: 'apt', env: { DEBIAN_FRONTEND: 'noninteractive' } },
  );
  const root = join(folder, 'root');
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb') && wanted.test(name)))
    await run('dpkg-deb', ['--extract', join(archives, file), root], { log: 'apt' });
  // `/lib` is a link to `/usr/lib`, which the builder would not follow.
  if (existsSync(join(root, 'lib')))
    cpSync(join(root, 'lib'), join(root, 'usr/lib'), { recursive: true, verbatimSymlinks: true });
  for (const rest of ['root/usr/share/doc', 'root/usr/share/man', 'root/usr/share/locale', 'archives', 'status'])
    rmSync(join(folder, rest), { recursive: true, force: true });
  // Without LLVM it cannot be loaded; without it the server compiles no queries, and says nothing.
  rmSync(join(root, `usr/lib/postgresql/${major}/lib/llvmjit.so`), { force: true });
  writeFileSync(join(folder, 'major'), `${major}\n`);
}

/** The version that this release has: 15 in Debian 12. */
async function majorOf() {
  const answer = (await answerOf('apt-cache', ['depends', 'postgresql'])) ?? '';
  return answer.match(/Depends: postgresql-(\d+)/)?.[1] ?? '15';
}
