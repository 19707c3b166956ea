import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, madeCacheFolder } from './cache.mjs';
import { run, which } from './command.mjs';
import { goInstalled } from './go.mjs';

const program = { module: 'github.com/prometheus/prometheus/cmd/promtool', version: 'v0.307.3' };

/**
 * Prometheus' own checker of rules, for the tests of deploy/: on the PATH, else in the cache, else taken out of Debian's
 * package without installing it (no service starts), else built with Go. Undefined, with the reasons passed to `say`, when
 * none of these works.
 */
export async function ensurePromtool(say) {
  const ours = cacheFolder('bin', 'promtool');
  const found = which('promtool') ?? (existsSync(ours) ? ours : undefined);
  if (found) return found;
  for (const way of [fromPackage, () => goInstalled(program, say)]) {
    try {
      return await way(ours);
    } catch (error) {
      say(error.message);
    }
  }
  return undefined;
}

/** Unpacked into the cache: `apt-get download` needs no rights and asks for no dependencies. */
async function fromPackage(ours) {
  const folder = join(madeCacheFolder('work'), `promtool-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    await download(folder);
    const [file] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
    await run('dpkg', ['-x', join(folder, file), join(folder, 'unpacked')], { log: 'promtool', timeoutSeconds: 120 });
    madeCacheFolder('bin');
    // Copied under another name, then renamed: a program that exists is complete.
    const part = `${ours}.${process.pid}.part`;
    copyFileSync(join(folder, 'unpacked/usr/bin/promtool'), part);
    chmodSync(part, 0o755);
    renameSync(part, ours);
    return ours;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A fresh machine has no list of packages yet. */
async function download(folder) {
  // As root, apt would drop to a user who may not write here.
  const options = ['-o', 'APT::Sandbox::User=root', 'download', 'prometheus'];
  const settings = { cwd: folder, log: 'promtool', timeoutSeconds: 120 };
  try {
    await run('apt-get', options, settings);
  } catch {
    await run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', 'update'], settings);
    await run('apt-get', options, settings);
  }
}
