import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { updateLists } from './apt.mjs';
import { cacheFolder, madeCacheFolder } from './cache.mjs';
import { run, which } from './command.mjs';
import { goInstalled } from './go.mjs';

/**
 * A program that only tests need: on the PATH, else in the cache, else taken out of its Debian package without installing
 * that (no service starts, no rights are needed), else built with Go. Undefined, with the reasons passed to `say`, when none
 * of these works.
 */
export async function ensureProgram({ debian, go }, say) {
  const name = basename(debian.path);
  const ours = cacheFolder('bin', name);
  const found = which(name) ?? (existsSync(ours) ? ours : undefined);
  if (found) return found;
  for (const way of [() => fromPackage(debian, ours), () => goInstalled(go, say)]) {
    try {
      return await way();
    } catch (error) {
      say(error.message);
    }
  }
  return undefined;
}

/** Unpacked into the cache: `apt-get download` asks for no dependencies. */
async function fromPackage(debian, ours) {
  const log = basename(ours);
  const folder = join(madeCacheFolder('work'), `${log}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    await download(debian.package, folder, log);
    const [file] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
    await run('dpkg', ['-x', join(folder, file), join(folder, 'unpacked')], { log, timeoutSeconds: 120 });
    madeCacheFolder('bin');
    // Copied under another name, then renamed: a program that exists is complete.
    const part = `${ours}.${process.pid}.part`;
    copyFileSync(join(folder, 'unpacked', debian.path), part);
    chmodSync(part, 0o755);
    renameSync(part, ours);
    return ours;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A fresh machine has no list of packages yet. */
async function download(name, folder, log) {
  // As root, apt would drop to a user who may not write here.
  const options = ['-o', 'APT::Sandbox::User=root', 'download', name];
  const settings = { cwd: folder, log, timeoutSeconds: 120 };
  try {
    await run('apt-get', options, settings);
  } catch {
    await updateLists(settings);
    await run('apt-get', options, settings);
  }
}
