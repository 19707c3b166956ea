import { install } from './apt.mjs';
import { run, which } from './command.mjs';

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
