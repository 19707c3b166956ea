import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { install } from './apt.mjs';
import { cacheFolder, madeCacheFolder } from './cache.mjs';
import { run, which } from './command.mjs';

const kazoo = 'kazoo==2.10.0';

/**
 * A Python with kazoo, the library with which clients of the queue reach ZooKeeper: for the tests and benches that let
 * it take what Rekindle wrote. Made once, in the cache; Python itself comes from Debian's packages where it is missing.
 */
export async function ensureKazoo() {
  const folder = cacheFolder('python-kazoo');
  const python = join(folder, 'bin', 'python3');
  if (existsSync(python)) return python;
  if (!which('python3')) await installPython();
  const part = join(madeCacheFolder('work'), `python-kazoo-${process.pid}`);
  try {
    await makeEnvironment(part).catch(async () => {
      rmSync(part, { recursive: true, force: true });
      // Debian's Python comes without its venv module.
      await installPython();
      await makeEnvironment(part);
    });
    if (!existsSync(python)) renameSync(part, folder);
    return python;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

const installPython = () => install('Python with its venv module', ['python3', 'python3-venv']);

async function makeEnvironment(folder) {
  await run('python3', ['-m', 'venv', folder], { log: 'kazoo', timeoutSeconds: 120 });
  await run(join(folder, 'bin', 'python3'), ['-m', 'pip', 'install', '--quiet', kazoo], {
    log: 'kazoo',
    timeoutSeconds: 300,
  });
}
