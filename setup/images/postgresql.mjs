import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canInstall, freshLists } from '../lib/apt.mjs';
import { answerOf } from '../lib/command.mjs';
import { stagePackages } from './debian-packages.mjs';

/** Puts PostgreSQL's programs, from the packages of this machine's own release, into the build context, below `root`. */
export async function stagePostgresql(folder, say) {
  const major = await majorOf();
  await stagePackages(folder, say, {
    title: 'PostgreSQL',
    names: [`postgresql-${major}`, `postgresql-client-${major}`],
    // Neither Perl, nor scripts that manage several clusters, nor LLVM for compiled queries.
    wanted: /^(postgresql-\d|postgresql-client-\d|tzdata|lib(?!.*perl|llvm|z3))/,
  });
  const root = join(folder, 'root');
  // `/lib` is a link to `/usr/lib`, which the builder would not follow.
  if (existsSync(join(root, 'lib')))
    cpSync(join(root, 'lib'), join(root, 'usr/lib'), { recursive: true, verbatimSymlinks: true });
  // Without LLVM it cannot be loaded; without it the server compiles no queries, and says nothing.
  rmSync(join(root, `usr/lib/postgresql/${major}/lib/llvmjit.so`), { force: true });
  writeFileSync(join(folder, 'major'), `${major}\n`);
}

/** The version that this release has: 15 in Debian 12. */
async function majorOf() {
  if (canInstall()) await freshLists();
  const answer = (await answerOf('apt-cache', ['depends', 'postgresql'])) ?? '';
  return answer.match(/Depends: postgresql-(\d+)/)?.[1] ?? '15';
}
