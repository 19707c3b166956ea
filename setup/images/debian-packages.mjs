import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canInstall, freshLists, mustInstallByHand } from '../lib/apt.mjs';
import { run } from '../lib/command.mjs';
import { baseTag, ensureBase } from './base.mjs';
import { readImageFile } from './engine-images.mjs';

/**
 * Puts the files of Debian's packages, and of the libraries that they load, into the build context, below `root`: of this
 * machine's own release, from the mirror that its apt uses. `wanted`: which of the packages that apt names are taken; the rest
 * serves a machine, not a container.
 */
export async function stagePackages(folder, say, { title, names, wanted }) {
  if (!canInstall()) throw mustInstallByHand(title, names);
  await ensureBase(say);
  await freshLists();
  const archives = join(folder, 'archives');
  mkdirSync(join(archives, 'partial'), { recursive: true });
  // What the base image has already is not fetched: apt is shown its list of packages in place of this machine's.
  const status = join(folder, 'status');
  writeFileSync(status, await readImageFile(baseTag, '/var/lib/dpkg/status'));
  const options = [
    `Dir::State::status=${status}`,
    `Dir::Cache::archives=${archives}`,
    'Debug::NoLocking=1',
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  const command = [...options, 'install', '--download-only', '--yes', '--no-install-recommends', ...names];
  await run('apt-get', command, { log: 'apt', env: { DEBIAN_FRONTEND: 'noninteractive' } });
  const root = join(folder, 'root');
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb') && wanted.test(name)))
    await run('dpkg-deb', ['--extract', join(archives, file), root], { log: 'apt' });
  for (const rest of ['root/usr/share/doc', 'root/usr/share/man', 'root/usr/share/locale', 'archives', 'status'])
    rmSync(join(folder, rest), { recursive: true, force: true });
}

/** For the hash of a recipe: this file is part of it. */
export const packagesCode = () => [readFileSync(new URL(import.meta.url), 'utf8')];
