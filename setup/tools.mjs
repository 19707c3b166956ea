/*
 * Locates the tools that set-up found or installed. Reads only; changes nothing.
 */
import { cacheFolder } from './lib/cache.mjs';
import { answerOf, isExecutable, which } from './lib/command.mjs';

export { cacheFolder } from './lib/cache.mjs';

/** The Compose command, `['docker', 'compose']` or `['docker-compose']`; undefined when neither is installed. */
export async function composeCommand() {
  if (which('docker') && (await answerOf('docker', ['compose', 'version', '--short']))) return ['docker', 'compose'];
  return which('docker-compose') ? ['docker-compose'] : undefined;
}

/** The `temporal` program: on the PATH, or the one set-up put in the cache; undefined when there is neither. */
export function temporalCommand() {
  const ours = cacheFolder('bin', 'temporal');
  return which('temporal') ?? (isExecutable(ours) ? ours : undefined);
}
